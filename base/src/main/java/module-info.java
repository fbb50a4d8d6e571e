module dev.carafe.base {
    requires static transitive org.jspecify;

    exports dev.carafe.base;
}
