module dev.carafe.junit {
    requires static transitive org.jspecify;
    requires transitive dev.carafe.base;
    requires transitive dev.carafe.engine;
    requires transitive org.junit.jupiter.api;
    requires java.net.http;

    exports dev.carafe.junit;
}
