package dev.carafe.junit;

import dev.carafe.engine.Container;
import dev.carafe.engine.ContainerOptions;
import dev.carafe.engine.NamespaceMode;
import dev.carafe.engine.NetworkOptions;
import dev.carafe.engine.ProcessOptions;
import java.time.Duration;
import java.util.List;

/** A JVM whose tests do not come to their end. */
final class Victim {
    private Victim() {
    }

    public static void main(String[] arguments) throws InterruptedException {
        Container container = TestSession.open().start(ContainerOptions.builder("busybox").process(ProcessOptions.builder().command(List.of("sleep", "1000")).build())
                .network(NetworkOptions.NONE.mode(new NamespaceMode.Host())).build());
        System.out.println(container.id());
        Thread.sleep(Duration.ofHours(1));
    }
}
