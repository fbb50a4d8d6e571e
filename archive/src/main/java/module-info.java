module dev.carafe.archive {
    requires static transitive org.jspecify;
    requires transitive dev.carafe.base;
    requires transitive dev.carafe.kernel;
    requires com.github.luben.zstd_jni;

    exports dev.carafe.archive;
}
