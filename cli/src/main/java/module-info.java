module dev.carafe.cli {
    requires static transitive org.jspecify;
    requires transitive dev.carafe.base;
    requires transitive dev.carafe.kernel;
    requires transitive dev.carafe.oci;
    requires transitive dev.carafe.plan;
    requires transitive dev.carafe.engine;
    requires dev.carafe.build;
    requires transitive dev.carafe.docker;
    requires dev.carafe.bootstrap;
    requires transitive dev.carafe.transport;
    requires org.snakeyaml.engine;

    exports dev.carafe.cli;
    exports dev.carafe.cli.flag;
    exports dev.carafe.cli.run;
    exports dev.carafe.cli.surface;
    exports dev.carafe.cli.sync;
    exports dev.carafe.cli.list;
    exports dev.carafe.cli.template;
    exports dev.carafe.cli.text;
}
