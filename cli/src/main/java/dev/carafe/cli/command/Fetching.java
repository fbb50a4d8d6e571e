package dev.carafe.cli.command;

import dev.carafe.engine.Images;
import dev.carafe.engine.PullOptions;
import dev.carafe.transport.registry.RegistrySettings;
import java.util.Optional;

/** Fetches an image that a container needs, and tells of it on error output as docker does: standard output is the container's. */
record Fetching(Call call, boolean quiet) implements Images.Fetch {
    @Override
    public void pull(String text, Optional<String> platform, boolean missing) {
        if (!quiet && missing) {
            call.console().error("Unable to find image '" + text + "' locally\n");
        }
        var options = PullOptions.of(RegistrySettings.of(call.console().request().environment())).withPlatform(platform);
        new Pulling(call, options, quiet ? ProgressLines.Style.SILENT : ProgressLines.Style.of(call, 2), call.console()::error).pull(text);
    }
}
