package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Images from Dockerfiles, built on the running kernel. */
class BuildTest extends CommandSuite {
    private Path context;

    @BeforeEach
    void makeContext() throws IOException {
        context = Files.createTempDirectory(carafe.work(), "context");
    }

    /** Images and the cache are to stay after a build; containers are not. */
    @AfterEach
    void onlyWhatIsKeptStays() {
        assertThat(carafe.containers()).isEmpty();
        assertThat(carafe.root().resolve("builds/running")).satisfiesAnyOf(path -> assertThat(path).isEmptyDirectory(), path -> assertThat(path).doesNotExist());
        carafe.mark();
    }

    private void file(String name, String text) throws IOException {
        Path path = context.resolve(name);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private Outcome build(String dockerfile, String... words) throws IOException {
        file("Dockerfile", dockerfile);
        var all = new java.util.ArrayList<>(List.of("build"));
        all.addAll(List.of(words));
        all.add(context.toString());
        return carafe.call(all.toArray(String[]::new));
    }

    /** The image that a good build makes; what it told is the answer. */
    private String built(String dockerfile, String... words) throws IOException {
        Outcome outcome = build(dockerfile, words);
        assertThat(outcome.status()).as("%s", outcome).isZero();
        return outcome.error();
    }

    private String in(String image, String command) {
        String out = carafe.check("run", "--rm", image, "sh", "-c", command);
        carafe.removeContainers();
        return out;
    }

    @Test
    void aStageTakesFilesOfAnotherAndStagesThatNothingNeedsAreNotBuilt() throws IOException {
        file("src/a.txt", "hello\n");
        String told = built("""
                ARG BASE=busybox
                FROM $BASE AS one
                ARG V=1
                ENV X=$V
                RUN echo made-$X > /made && rm /bin/vi
                COPY src /app/
                FROM busybox AS unused
                RUN false
                FROM one
                COPY --from=one --chown=5:6 /app /copy/
                CMD ["cat", "/made"]
                LABEL a="b c"
                """, "-t", "staged", "--build-arg", "V=2");

        assertThat(carafe.check("run", "--rm", "staged")).isEqualTo("made-2\n");
        assertThat(in("staged", "stat -c '%u:%g %n' /copy /copy/a.txt; ls /bin/vi 2>&1; cat /app/a.txt"))
                .isEqualTo("5:6 /copy\n5:6 /copy/a.txt\nls: /bin/vi: No such file or directory\nhello\n");
        assertThat(carafe.check("inspect", "--format", "{{json .Config.Labels}} {{.Config.Cmd}}", "staged")).isEqualTo("{\"a\":\"b c\"} [cat /made]\n");
        assertThat(told).contains("[one 2/3] RUN echo made-$X", "naming to docker.io/library/staged:latest done").doesNotContain("unused");
    }

    @Test
    void anotherBuildTakesEveryStepFromTheCacheAndNamesTheFileThatChanged() throws IOException {
        file("src/a.txt", "1");
        file("src/b.txt", "1");
        String dockerfile = "FROM busybox\nRUN echo x > /x\nCOPY src /src/\nRUN cat /src/* > /all\n";
        built(dockerfile, "-t", "cached");
        String first = carafe.check("images", "-q", "--no-trunc", "cached");
        assertThat(built(dockerfile, "-t", "cached").lines().filter(line -> line.endsWith(" CACHED"))).hasSize(3);
        assertThat(carafe.check("images", "-q", "--no-trunc", "cached")).isEqualTo(first);
        file("src/b.txt", "2");
        assertThat(built(dockerfile, "-t", "cached", "--why")).contains("RUN echo x > /x\n#3 CACHED", "because file src/b.txt changed\n", "because base changed: sha256:");
        file("src/b.txt", "1");
        assertThat(built(dockerfile, "-t", "cached").lines().filter(line -> line.endsWith(" CACHED"))).hasSize(3);
        assertThat(built(dockerfile.replace("echo x >", "echo y >"), "--why")).contains("because command changed: \"/bin/sh -c echo x > /x\" → \"/bin/sh -c echo y > /x\"");
    }

    @Test
    void theSameBuildMakesTheSameImageWithoutTheCache() throws IOException {
        file("f", "x");
        String dockerfile = "FROM busybox\nRUN mkdir /d && date > /dev/null && touch /d/f && ln -s f /d/l\nCOPY f /g/\nWORKDIR /w\n";
        built(dockerfile, "-t", "same1", "--no-cache");
        Files.setLastModifiedTime(context.resolve("f"), java.nio.file.attribute.FileTime.fromMillis(5_000));
        built(dockerfile, "-t", "same2", "--no-cache");

        assertThat(carafe.check("images", "-q", "--no-trunc", "same2")).isEqualTo(carafe.check("images", "-q", "--no-trunc", "same1"));
        built(dockerfile, "-t", "dated", "--timestamp", "86400");
        assertThat(carafe.check("inspect", "--format", "{{.Created}}", "dated").trim()).isEqualTo("1970-01-02T00:00:00Z");
        assertThat(in("dated", "stat -c %Y /d/f /g/f /w")).isEqualTo("86400\n86400\n86400\n");
    }

    @Test
    void aLayerHoldsWhatTheStepChangedAndNothingElse() throws IOException {
        built("FROM busybox\nRUN rm -r /home && echo x > /opt && chown 3:4 /opt && chmod 4711 /opt\n", "-t", "layer");
        Path archive = context.resolve("layer.tar");
        carafe.check("save", "-o", archive.toString(), "layer");
        Path unpacked = Files.createDirectory(context.resolve("unpacked"));
        Tools.check("tar", "-xf", archive.toString(), "-C", unpacked.toString());
        var layers = com.google.gson.JsonParser.parseString(Files.readString(unpacked.resolve("manifest.json"))).getAsJsonArray().get(0).getAsJsonObject().getAsJsonArray("Layers");

        String listed = Tools.check("tar", "-tvf", unpacked.resolve(layers.get(layers.size() - 1).getAsString()).toString());
        assertThat(listed.lines().map(line -> line.split("\\s+")).map(words -> words[0] + " " + words[1] + " " + words[5])).containsExactly("---------- 0/0 .wh.home", "-rws--x--x 3/4 opt");
    }

    @Test
    void aCommandThatFailsEndsTheBuildWithItsLinesAndItsOutput() throws IOException {
        Outcome outcome = build("FROM busybox\n\nRUN echo told; echo also >&2; exit 3\nRUN echo never\n");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.error()).contains(" told\n", " also\n", "   3 | >>> RUN echo told; echo also >&2; exit 3\n",
                "ERROR: failed to build: failed to solve: process \"/bin/sh -c echo told; echo also >&2; exit 3\" did not complete successfully: exit code: 3\n").doesNotContain(" never\n#");
        assertThat(build("FROM busybox\nRNU x\n").error()).contains("   2 | >>> RNU x\n", "dockerfile parse error on line 2: unknown instruction: RNU (did you mean RUN?)\n");
        assertThat(carafe.check("ps", "-aq")).isEmpty();
    }

    @Test
    void mountsAreThereForOneCommandAndLeaveNothingBehind() throws IOException {
        file("secret", "hidden");
        file("in/x", "bound\n");
        String told = built("""
                FROM busybox
                RUN --mount=type=secret,id=k test "$(cat /run/secrets/k)" = hidden && stat -c %a /run/secrets/k
                RUN --mount=type=secret,id=k,env=K --mount=type=secret,id=absent test "$K" = hidden && test ! -e /run/secrets/absent
                RUN --mount=target=/src cat /src/in/x && ! touch /src/no
                RUN --mount=target=/src,rw touch /src/yes
                RUN --mount=type=tmpfs,target=/t,size=1m touch /t/x
                RUN --mount=type=cache,target=/cache,id=c echo x >> /cache/f && wc -l < /cache/f
                RUN --mount=type=cache,target=/other,id=c echo y >> /other/f && wc -l < /other/f
                RUN ls -d /run/secrets /src /t /cache /other 2>&1 | wc -l; ls / | grep -c 'src\\|cache\\|other' || true
                """, "-t", "mounts", "--secret", "id=k,src=" + context.resolve("secret"), "--no-cache");

        assertThat(told).contains(" 400\n", " bound\n", " 1\n", " 2\n", " 0\n");
        assertThat(context.resolve("in")).isDirectory();
        assertThat(context.resolve("yes")).doesNotExist();
        assertThat(carafe.check("inspect", "mounts") + carafe.check("history", "--no-trunc", "mounts")).doesNotContain("hidden\"", "K=hidden");
        assertThat(build("FROM busybox\nRUN --mount=type=secret,id=none,required true\n").error()).contains("secret \"none\": not found");
    }

    @Test
    void hereDocumentsAreScriptsAndFiles() throws IOException {
        String told = built("""
                FROM busybox
                ENV V=value
                RUN <<EOF
                echo one-$V
                echo two
                EOF
                RUN <<'S'
                #!/bin/busybox sh
                echo three
                S
                COPY <<a <<'b' /docs/
                $V
                a
                $V
                b
                RUN cat <<X /docs/a /docs/b -
                from $V
                X
                """, "-t", "docs");

        assertThat(told).contains(" one-value\n", " two\n", " three\n", " value\n", " $V\n", " from value\n");
    }

    @Test
    void whatTheContextLeavesOutIsNotThere() throws IOException {
        file(".dockerignore", "*.log\n!keep.log\nnode_modules\n**/tmp\n");
        file("a.log", "");
        file("keep.log", "");
        file("node_modules/x", "");
        file("d/tmp/x", "");
        file("d/y", "");
        built("FROM busybox\nCOPY . /c/\nCOPY --exclude=y d /e/\n", "-t", "ignored");

        assertThat(in("ignored", "cd /c; find . -type f | sort; ls /e")).isEqualTo("./.dockerignore\n./Dockerfile\n./d/y\n./keep.log\n");
        assertThat(build("FROM busybox\nCOPY a.log /\n").error()).contains("\"/a.log\": not found");
    }

    @Test
    void noLinkOfAContextLeadsOutOfIt() throws IOException {
        Path outside = Files.writeString(carafe.work().resolve("outside"), "out of reach");
        Files.createSymbolicLink(context.resolve("absolute"), outside);
        Files.createSymbolicLink(context.resolve("climbing"), Path.of("../outside"));
        Files.createSymbolicLink(context.resolve("directory"), carafe.work());
        Files.createSymbolicLink(context.resolve("etc"), Path.of("/etc"));
        for (String source : List.of("absolute", "climbing", "directory/outside", "etc/passwd", "../outside", "/etc/passwd")) {
            Outcome outcome = build("FROM busybox\nCOPY " + source + " /x\n");
            assertThat(outcome.status()).as(source).isEqualTo(1);
            assertThat(outcome.error()).as(source).contains("not found");
        }
        built("FROM busybox\nCOPY . /all/\n", "-t", "links");
        assertThat(in("links", "readlink /all/absolute; readlink /all/etc")).isEqualTo(outside + "\n/etc\n");
        Files.createSymbolicLink(context.resolve("Linked"), outside);
        assertThat(carafe.call("build", "-f", "Linked", context.toString()).status()).isEqualTo(1);
    }

    @Test
    void noLinkOfAnImageLeadsOutOfIt() throws IOException {
        Path victim = Files.createDirectory(carafe.work().resolve("victim"));
        file("f", "x");
        built("FROM busybox\nRUN ln -s " + victim + " /absolute && ln -s ../../../../../../../../" + victim + " /climbing && mkdir -p " + victim + "\nCOPY f /absolute/\nCOPY f /climbing/g\nWORKDIR /climbing/w\n",
                "-t", "hostile");

        assertThat(victim).isEmptyDirectory();
        assertThat(in("hostile", "ls " + victim)).isEqualTo("f\ng\nw\n");
        assertThat(build("FROM busybox\nRUN ln -s " + victim + " /out\nFROM busybox\nCOPY --from=0 /out/f /x\n").error()).contains("not found");
    }

    @Test
    void aHostileArchiveDoesNotLeaveItsDirectory() throws IOException, InterruptedException {
        Path maker = Files.createDirectories(carafe.work().resolve("maker" + System.nanoTime()));
        Files.writeString(maker.resolve("f"), "x");
        Tools.check("tar", "-C", maker.toString(), "--transform", "s,f,../../escaped,", "-cPf", context.resolve("bad.tar").toString(), "f");
        assertThat(build("FROM busybox\nADD bad.tar /d/\n").error()).contains("leads out of the archive's root");
        Files.delete(context.resolve("bad.tar"));
        Tools.check("tar", "-C", maker.toString(), "-czf", context.resolve("good.tgz").toString(), "f");
        built("FROM busybox\nADD good.tgz /d/\nCOPY good.tgz /e/\n", "-t", "archives");
        assertThat(in("archives", "ls /d /e")).isEqualTo("/d:\nf\n\n/e:\ngood.tgz\n");
    }

    @Test
    void specialFilesOfAContextAreCopiedAndNeverOpened() throws IOException {
        Tools.check("mkfifo", context.resolve("fifo").toString());
        Tools.check("mknod", context.resolve("full").toString(), "c", "1", "7");
        built("FROM busybox\nCOPY . /c/\n", "-t", "special");

        assertThat(in("special", "stat -c '%F' /c/fifo /c/full")).isEqualTo("fifo\ncharacter special file\n");
    }

    @Test
    void aDockerfileOrAWholeContextComesFromStandardInput() throws IOException {
        assertThat(piped("FROM busybox\nCMD [\"echo\", \"piped\"]\n".getBytes(StandardCharsets.UTF_8), "build", "-q", "-t", "piped", "-").status()).isZero();
        assertThat(carafe.check("run", "--rm", "piped")).isEqualTo("piped\n");
        file("Dockerfile", "FROM busybox\nCOPY f /f\nCMD [\"cat\", \"/f\"]\n");
        file("f", "packed\n");
        Path archive = carafe.work().resolve("context.tgz");
        Tools.check("tar", "-C", context.toString(), "-czf", archive.toString(), ".");
        assertThat(piped(Files.readAllBytes(archive), "build", "-q", "-t", "packed", "-").status()).isZero();
        assertThat(carafe.check("run", "--rm", "packed")).isEqualTo("packed\n");
    }

    private Outcome piped(byte[] input, String... words) throws IOException {
        Path file = Files.write(Files.createTempFile(carafe.work(), "input", ""), input);
        return new Running(carafe.builder(words).redirectInput(file.toFile())).await();
    }

    @Test
    void instructionsOfConfigurationAreInTheImage() throws IOException {
        built("""
                FROM busybox
                MAINTAINER ada
                ENV A=1 B="two words"
                EXPOSE 80 90-91/udp
                VOLUME ["/data"]
                USER 7:8
                WORKDIR /a
                WORKDIR b
                STOPSIGNAL SIGINT
                SHELL ["/bin/sh", "-e", "-c"]
                ENTRYPOINT echo entry
                CMD echo cmd
                HEALTHCHECK --interval=5s CMD true
                ONBUILD RUN echo triggered
                """, "-t", "configured");

        String config = carafe.check("inspect", "--format", "{{json .Config}}", "configured");
        assertThat(config).contains("\"B=two words\"", "\"80/tcp\":{}", "\"90/udp\":{}", "\"91/udp\":{}", "\"/data\":{}", "\"User\":\"7:8\"", "\"WorkingDir\":\"/a/b\"",
                "\"StopSignal\":\"SIGINT\"", "\"Shell\":[\"/bin/sh\",\"-e\",\"-c\"]", "\"Entrypoint\":[\"/bin/sh\",\"-e\",\"-c\",\"echo entry\"]", "\"CMD-SHELL\",\"true\"",
                "\"OnBuild\":[\"RUN echo triggered\"]");
        assertThat(built("FROM configured\nUSER root\nRUN id -u\n", "-t", "triggered")).contains(" triggered\n", " 0\n");
        assertThat(carafe.check("inspect", "--format", "{{json .Config}}", "triggered")).doesNotContain("RUN echo triggered");
    }

    @Test
    void aBuildThatIsKilledLeavesNothingThatTheNextOneDoesNotTakeAway() throws IOException {
        file("Dockerfile", "FROM busybox\nRUN echo begun; sleep 1000\n");
        Running build = carafe.start("build", context.toString());
        Tools.await(() -> carafe.call("ps", "-q").out().strip().length() > 0);
        build.signal("KILL");
        build.await();
        Tools.await(() -> carafe.call("ps", "-q").out().isBlank() || killed());
        built("FROM busybox\nRUN true\n");

        assertThat(carafe.check("ps", "-aq")).isEmpty();
        assertThat(carafe.check("system", "check")).doesNotContain("missing", "damaged");
        assertThat(carafe.root().resolve("builds/scratch")).isEmptyDirectory();
    }

    /** What outlives its client when that was the engine as well. */
    private boolean killed() {
        carafe.removeContainers();
        return true;
    }

    @Test
    void predictionsAndProofsChangeNothing() throws IOException {
        file("f", "1");
        String dockerfile = "FROM busybox AS one\nCOPY f /f\nRUN cat /f > /g\nFROM one\nCOPY --from=one /g /h\n";
        assertThat(built(dockerfile, "--verify-reproducible")).contains("reproducible: a second build without the cache makes sha256:");
        assertThat(carafe.check("build", "--plan", context.toString()).lines().filter(line -> line.startsWith("CACHED"))).hasSize(3);
        file("f", "2");
        assertThat(carafe.check("build", "--plan", context.toString())).isEqualTo("""
                RUN     [one] COPY f /f
                          because file f changed
                RUN     [one] RUN cat /f > /g
                          because what it is done upon would be made anew
                RUN     [1] COPY --from=one /g /h
                          because what it is done upon would be made anew
                """);
        assertThat(build("FROM busybox\nRUN head -c 8 /dev/urandom > /chance\n", "--verify-reproducible").error()).contains("it is not reproducible: layer 2 of 2, \"RUN /bin/sh -c head -c 8 /dev/urandom > /chance\", is ");
    }

    @Test
    void theResultGoesWhereItIsWanted() throws IOException {
        file("f", "x");
        Path out = context.resolve("out");
        built("FROM scratch\nCOPY --chown=3:4 --chmod=640 f /d/f\n", "-o", out.toString());
        assertThat(Tools.check("stat", "-c", "%u:%g %a", out.resolve("d/f").toString())).isEqualTo("3:4 640\n");
        Path tar = context.resolve("out.tar");
        built("FROM scratch\nCOPY f /d/f\n", "--output", "type=tar,dest=" + tar);
        assertThat(Tools.check("tar", "-tf", tar.toString())).isEqualTo("d/\nd/f\n");
        built("FROM scratch\nCOPY f /d/f\n", "-t", "archived", "-o", "type=docker,dest=" + tar);
        carafe.check("rmi", "archived");
        assertThat(carafe.check("load", "-i", tar.toString())).isEqualTo("Loaded image: archived:latest\n");
    }

    @Test
    void squashingMakesOneLayerOfAllThatIsNew() throws IOException {
        built("FROM busybox\nRUN echo a > /a\nRUN rm /a /bin/vi && echo b > /b\n", "-t", "squashed", "--squash");
        assertThat(in("squashed", "ls /a /bin/vi /b 2>/dev/null; true")).isEqualTo("/b\n");
        assertThat(carafe.check("inspect", "--format", "{{len .RootFS.Layers}}", "squashed")).isEqualTo("2\n");
    }

    @Test
    void aLinkedLayerDoesNotDependOnWhatIsBelowIt() throws IOException {
        file("f", "x");
        built("FROM busybox\nRUN echo 1 > /n\nCOPY --link f /linked/\nRUN cat /linked/f\n", "-t", "link1");
        assertThat(built("FROM busybox\nRUN echo 2 > /n\nCOPY --link f /linked/\nRUN cat /linked/f\n", "-t", "link2")).contains("COPY --link f /linked/\n#4 CACHED");
        assertThat(in("link2", "cat /n /linked/f")).isEqualTo("2\nx");
    }

    @Test
    void theCacheOutlivesAnImageThatIsRemoved() throws IOException {
        String dockerfile = "FROM busybox\nRUN echo kept > /kept\n";
        built(dockerfile, "-t", "gone");
        carafe.check("rmi", "gone");
        assertThat(built(dockerfile, "-t", "back")).contains("#3 CACHED");
        assertThat(in("back", "cat /kept")).isEqualTo("kept\n");
    }

    @Test
    void pruningTakesAwayWhatNoImageHas() throws IOException {
        built("FROM busybox\nRUN head -c 100000 /dev/urandom > /once && echo " + System.nanoTime() + "\nFROM busybox\nCOPY --from=0 /bin/sh /sh\n", "-t", "pruned");
        String told = carafe.check("builder", "prune", "-f");

        assertThat(told).contains("Deleted build cache objects:", "Total reclaimed space: ");
        assertThat(carafe.check("builder", "prune", "-f")).isEqualTo("Total reclaimed space: 0B\n");
        assertThat(in("pruned", "ls /sh")).isEqualTo("/sh\n");
        assertThat(carafe.check("system", "check")).doesNotContain("missing", "damaged");
    }
}
