package dev.carafe.build;

import dev.carafe.base.Digest;
import dev.carafe.engine.Workbench;
import dev.carafe.oci.History;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How far a stage is.
 *
 * @param chain its file system; empty while there are no layers
 * @param layers base first
 */
record Tip(Optional<Digest> chain, List<Workbench.Layer> layers, List<History> history) {
    static final Tip EMPTY = new Tip(Optional.empty(), List.of(), List.of());

    Tip {
        layers = List.copyOf(layers);
        history = List.copyOf(history);
    }

    Tip with(Workbench.Layer layer, History entry) {
        var more = new ArrayList<>(layers);
        more.add(layer);
        return new Tip(Optional.of(Workbench.chain(chain, layer)), more, with(entry));
    }

    Tip noting(History entry) {
        return new Tip(chain, layers, with(entry));
    }

    private List<History> with(History entry) {
        var more = new ArrayList<>(history);
        more.add(entry);
        return more;
    }
}
