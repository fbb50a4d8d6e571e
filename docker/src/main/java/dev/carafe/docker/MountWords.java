package dev.carafe.docker;

import dev.carafe.engine.ContainerMount;
import dev.carafe.engine.ContainerMount.Bind;
import dev.carafe.engine.ContainerMount.Recursion;
import dev.carafe.engine.ContainerMount.Relabel;
import dev.carafe.engine.ContainerMount.Tmpfs;
import dev.carafe.engine.ContainerMount.Volume;
import dev.carafe.engine.VolumeWords;
import dev.carafe.plan.MountOptions.Propagation;
import java.util.ArrayList;
import java.util.Optional;

/** Docker's {@code Mount} object. */
final class MountWords {
    private MountWords() {
    }

    static ContainerMount of(Body mount) {
        String type = mount.text("Type");
        return switch (type) {
            case "bind" -> bind(mount);
            case "volume" -> volume(mount);
            case "tmpfs" -> tmpfs(mount);
            case "npipe", "cluster", "image" -> throw ApiFault.unsupported("mounts of type \"" + type + "\" are not supported");
            default -> throw ApiFault.invalid("invalid mount config for type \"" + type + "\": mount type unknown");
        };
    }

    private static Bind bind(Body mount) {
        Body details = mount.object("BindOptions");
        Optional<Propagation> propagation = details.given("Propagation").map(word -> Propagation.parse(word)
                .orElseThrow(() -> ApiFault.invalid("invalid mount config for type \"bind\": invalid propagation mode: " + word)));
        Recursion recursion = details.on("NonRecursive") ? Recursion.DISABLED : details.on("ReadOnlyNonRecursive") ? Recursion.WRITABLE
                : details.on("ReadOnlyForceRecursive") ? Recursion.READONLY : Recursion.ENABLED;
        return new Bind(mount.text("Source"), mount.text("Target"), mount.on("ReadOnly"), propagation, recursion, Relabel.NONE, details.on("CreateMountpoint"));
    }

    private static Volume volume(Body mount) {
        Body details = mount.object("VolumeOptions");
        Body driver = details.object("DriverConfig");
        return new Volume(VolumeWords.name(mount.text("Source")), mount.text("Target"), mount.on("ReadOnly"), !details.on("NoCopy"), details.given("Subpath"),
                driver.given("Name"), driver.map("Options"), details.map("Labels"), Relabel.NONE);
    }

    private static Tmpfs tmpfs(Body mount) {
        if (!mount.text("Source").isEmpty()) {
            throw ApiFault.invalid("invalid mount config for type \"tmpfs\": field Source must not be specified");
        }
        Body details = mount.object("TmpfsOptions");
        var words = new ArrayList<String>();
        if (mount.on("ReadOnly")) {
            words.add("ro");
        }
        details.positive("SizeBytes").ifPresent(bytes -> words.add("size=" + bytes));
        details.positive("Mode").ifPresent(mode -> words.add("mode=" + Long.toOctalString(mode)));
        for (var option : details.array("Options")) {
            var parts = new ArrayList<String>();
            option.getAsJsonArray().forEach(part -> parts.add(part.getAsString()));
            words.add(String.join("=", parts));
        }
        return new Tmpfs(mount.text("Target"), words);
    }
}
