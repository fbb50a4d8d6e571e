module dev.carafe.plan {
    requires static transitive org.jspecify;
    requires transitive dev.carafe.base;
    requires transitive dev.carafe.oci;

    exports dev.carafe.plan;
    exports dev.carafe.plan.seccomp;
}
