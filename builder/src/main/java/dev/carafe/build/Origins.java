package dev.carafe.build;

import dev.carafe.base.Digest;
import dev.carafe.build.files.FileTree;
import dev.carafe.build.files.IgnoreRules;
import dev.carafe.build.graph.Origin;
import dev.carafe.engine.WorkTree;
import dev.carafe.engine.Workbench;
import java.util.Optional;
import java.util.function.IntFunction;

/** Opens what files are taken from. */
final class Origins {
    private final Workbench bench;
    private final BuildLease lease;
    private final Contexts contexts;
    private final BaseImages images;
    private final Optional<String> platform;
    private final IntFunction<Tip> stages;

    /** @param stages waits for a stage to be done */
    Origins(Workbench bench, BuildLease lease, Contexts contexts, BaseImages images, Optional<String> platform, IntFunction<Tip> stages) {
        this.bench = bench;
        this.lease = lease;
        this.contexts = contexts;
        this.images = images;
        this.platform = platform;
        this.stages = stages;
    }

    /** Where a stage begins. */
    Tip tip(Origin origin) {
        return switch (origin) {
            case Origin.Scratch scratch -> Tip.EMPTY;
            case Origin.Stage stage -> stages.apply(stage.index());
            case Origin.Image image -> tip(images.image(image.reference(), image.platform()));
            case Origin.Context context -> contexts.image(context.name()).map(name -> tip(images.image(name, platform))).orElse(Tip.EMPTY);
        };
    }

    private static Tip tip(Workbench.Base base) {
        return new Tip(base.chain(), base.layers(), base.config().history());
    }

    /** The file system that files of that origin come from; empty for the files of a context, which have no such name. */
    Optional<Optional<Digest>> chain(Origin origin) {
        if (origin instanceof Origin.Context context && contexts.image(context.name()).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(tip(origin).chain());
    }

    /** Files, until it is closed. */
    record Open(FileTree tree, Runnable end) implements AutoCloseable {
        @Override
        public void close() {
            end.run();
        }
    }

    Open open(Origin origin) {
        Optional<Optional<Digest>> chain = chain(origin);
        if (chain.isEmpty()) {
            return new Open(contexts.tree(((Origin.Context) origin).name()), () -> { });
        }
        WorkTree tree = bench.look(chain.get(), lease.key());
        return new Open(new FileTree(tree.root(), IgnoreRules.NONE, true), tree::close);
    }
}
