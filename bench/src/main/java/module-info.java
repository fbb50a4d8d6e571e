module dev.carafe.bench {
    requires static transitive org.jspecify;
    requires transitive dev.carafe.base;

}
