package dev.carafe.network;

import dev.carafe.base.Fault;
import dev.carafe.base.Names;
import dev.carafe.oci.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the definitions of networks: one file each, {@code NAME.json}, since names are unique. */
final class Definitions {
    static final String SUFFIX = ".json";

    private final Path directory;

    Definitions(Path directory) {
        this.directory = directory;
    }

    Optional<Network> named(String name) {
        if (!Names.valid(name)) {
            return Optional.empty();
        }
        return WholeFile.read(directory.resolve(name + SUFFIX)).map(text -> Network.parse(Json.parseObject("network \"" + name + "\"", text)));
    }

    List<Network> list() {
        var list = new ArrayList<Network>();
        for (String file : WholeFile.names(directory)) {
            if (file.endsWith(SUFFIX)) {
                named(file.substring(0, file.length() - SUFFIX.length())).ifPresent(list::add);
            }
        }
        list.sort((a, b) -> a.name().compareTo(b.name()));
        return list;
    }

    /** By name, id, or the first digits of an id. */
    Optional<Network> find(String text) {
        Optional<Network> named = named(text);
        if (named.isPresent() || text.isEmpty()) {
            return named;
        }
        Optional<Network> match = Optional.empty();
        for (Network network : list()) {
            if (network.id().startsWith(text)) {
                if (match.isPresent()) {
                    throw Fault.of(Fault.Kind.CONFLICT, "find network", "\"" + text + "\"", "several networks have an id that starts so").hint("give more digits");
                }
                match = Optional.of(network);
            }
        }
        return match;
    }
}
