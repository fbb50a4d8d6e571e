package dev.carafe.cli.command;

import dev.carafe.oci.Reference;
import dev.carafe.transport.ImageSource;
import dev.carafe.transport.ImageTarget;
import dev.carafe.transport.Place;
import dev.carafe.transport.registry.RegistrySettings;
import java.nio.file.Path;

/** What a command opens places with: the caller's files, and the engine's store. */
record Surroundings(Call call, RegistrySettings settings) implements Place.Surroundings {
    @Override
    public Path path(String text) {
        return call.path(text);
    }

    @Override
    public ImageSource stored(String name) {
        return call.engine().images().source(call.engine().images().find(name));
    }

    @Override
    public ImageTarget toStore(String name) {
        return call.engine().images().target(Reference.parse(name).withDefaultTag().toString());
    }

    @Override
    public String dockerHost() {
        return call.console().request().environment().getOrDefault("DOCKER_HOST", "unix:///var/run/docker.sock");
    }
}
