package dev.carafe.conformance;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;

/**
 * What {@code DockerJavaTest} runs beside the server, in its network: docker-java and Testcontainers at work. A line for each thing that went well; the
 * first that did not ends it.
 */
final class DockerJavaProgram {
    private DockerJavaProgram() {
    }

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "docker-java" -> dockerJava(arguments[1]);
            case "testcontainers" -> testcontainers();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void say(String line) {
        System.out.println(line);
    }

    private static void dockerJava(String group) throws Exception {
        var config = DefaultDockerClientConfig.createDefaultConfigBuilder().build();
        try (DockerClient docker = DockerClientImpl.getInstance(config, new ZerodepDockerHttpClient.Builder().dockerHost(config.getDockerHost()).build())) {
            docker.pingCmd().exec();
            say("api " + docker.versionCmd().exec().getApiVersion());
            var host = com.github.dockerjava.api.model.HostConfig.newHostConfig().withCgroupParent(group);
            String id = docker.createContainerCmd("busybox").withHostConfig(host).withCmd("head", "-n", "1").withStdinOpen(true).withStdInOnce(true).withAttachStdin(true).exec().getId();
            var seen = new ByteArrayOutputStream();
            var attached = docker.attachContainerCmd(id).withStdIn(new ByteArrayInputStream("through\n".getBytes(StandardCharsets.UTF_8))).withStdOut(true).withFollowStream(true)
                    .exec(new ResultCallback.Adapter<Frame>() {
                        @Override
                        public void onNext(Frame frame) {
                            seen.writeBytes(frame.getPayload());
                        }
                    });
            attached.awaitStarted();
            docker.startContainerCmd(id).exec();
            attached.awaitCompletion();
            say("attached " + seen.toString(StandardCharsets.UTF_8).strip());
            say("code " + docker.waitContainerCmd(id).exec(new WaitContainerResultCallback()).awaitStatusCode());
            var logs = new ByteArrayOutputStream();
            docker.logContainerCmd(id).withStdOut(true).exec(new ResultCallback.Adapter<Frame>() {
                @Override
                public void onNext(Frame frame) {
                    logs.writeBytes(frame.getPayload());
                }
            }).awaitCompletion();
            say("logs " + logs.toString(StandardCharsets.UTF_8).strip());
            say("listed " + docker.listContainersCmd().withShowAll(true).withIdFilter(List.of(id)).exec().size());
            say("inspected " + docker.inspectContainerCmd(id).exec().getState().getStatus());
            docker.removeContainerCmd(id).exec();
            try {
                docker.inspectContainerCmd(id).exec();
            } catch (com.github.dockerjava.api.exception.NotFoundException gone) {
                say("gone");
            }
        }
    }

    private static void testcontainers() throws Exception {
        try (Network network = Network.newNetwork();
                GenericContainer<?> web = new GenericContainer<>("busybox")) {
            web.withNetwork(network).withNetworkAliases("web").withExposedPorts(80).withCopyToContainer(Transferable.of("copied\n"), "/w/index.html")
                    .withCommand("sh", "-c", "echo ready; exec httpd -f -p 80 -h /w").waitingFor(Wait.forLogMessage(".*ready.*", 1)).start();
            say("executed " + web.execInContainer("cat", "/w/index.html").getStdout().strip());
            new org.testcontainers.containers.wait.strategy.HttpWaitStrategy().forPort(80).forPath("/").waitUntilReady(web);
            say("served");
            try (GenericContainer<?> client = new GenericContainer<>("busybox")) {
                client.withNetwork(network).withCommand("sh", "-c", "ping -c 1 -W 5 web >/dev/null && echo reached").withStartupCheckStrategy(new OneShotStartupCheckStrategy())
                        .start();
                say(client.getLogs().strip());
            }
            say("copied " + web.copyFileFromContainer("/w/index.html", stream -> new String(stream.readAllBytes(), StandardCharsets.UTF_8)).strip());
        }
    }
}
