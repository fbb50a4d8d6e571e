package dev.carafe.build;

import dev.carafe.build.graph.Bases;
import dev.carafe.engine.Images;
import dev.carafe.engine.PullPolicy;
import dev.carafe.engine.Workbench;
import dev.carafe.oci.ImageConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The images that a build begins from, each looked for once. */
final class BaseImages implements Bases {
    private static final Images.Fetch NEVER = (text, platform, missing) -> { };

    private final Workbench bench;
    private final BuildRequest request;
    private final Map<String, Workbench.Base> found = new HashMap<>();

    BaseImages(Workbench bench, BuildRequest request) {
        this.bench = bench;
        this.request = request;
    }

    @Override
    public ImageConfig config(String reference, Optional<String> platform) {
        return image(reference, platform).config();
    }

    synchronized Workbench.Base image(String reference, Optional<String> platform) {
        String key = reference + " " + platform.orElse("");
        Workbench.Base known = found.get(key);
        if (known == null) {
            PullPolicy policy = request.fetch().isEmpty() ? PullPolicy.NEVER : request.pull() ? PullPolicy.ALWAYS : PullPolicy.MISSING;
            known = bench.base(reference, platform, policy, request.fetch().orElse(NEVER));
            found.put(key, known);
        }
        return known;
    }
}
