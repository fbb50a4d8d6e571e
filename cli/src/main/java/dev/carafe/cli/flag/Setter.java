package dev.carafe.cli.flag;

/** Receives every option that is read, in the order of the command line, after its type was checked. */
public interface Setter {
    /**
     * Takes one value.
     *
     * @throws dev.carafe.base.Fault when the value cannot be used; its reason becomes the end of {@code invalid argument "x" for "--name" flag: …}
     */
    void set(Option option, String value);
}
