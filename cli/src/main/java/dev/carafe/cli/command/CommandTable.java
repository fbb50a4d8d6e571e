package dev.carafe.cli.command;

import java.util.List;
import java.util.Optional;

/**
 * Some of the commands by their names. The tables are looked through one after the other, so that a command of the first does not make a
 * cold start load the others; what help pages say of a command is in its own table of options.
 */
interface CommandTable {
    /** The command of that name, which is two words where it stands in a group alone; empty when it is in another table. */
    Optional<Command> find(String name);

    /** The names of the commands of a group, in the order of help pages and without other spellings. */
    List<String> names(String group);
}
