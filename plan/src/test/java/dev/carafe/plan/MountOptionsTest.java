package dev.carafe.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every option of runtime-spec config.md#linux-mount-options. */
class MountOptionsTest {
    private static final MountOptions NOTHING = new MountOptions(0, 0, 0, 0, Optional.empty(), false, false, false, false, MountOptions.IdMap.NONE, List.of());

    @ParameterizedTest
    @CsvSource({"ro,1,0", "rw,0,1", "nosuid,2,0", "suid,0,2", "nodev,4,0", "dev,0,4", "noexec,8,0", "exec,0,8", "noatime,10,70", "atime,0,10",
            "relatime,0,70", "norelatime,20,70", "strictatime,20,70", "nostrictatime,0,20", "nodiratime,80,0", "diratime,0,80", "nosymfollow,200000,0",
            "symfollow,0,200000"})
    void anAttributeIsSetOrClearedOnTheMountAndBelowItWithAnR(String word, String set, String clear) {
        long bits = Long.parseLong(set, 16);
        long others = Long.parseLong(clear, 16);
        MountOptions plain = MountOptions.parse(List.of(word));
        assertThat(plain).isEqualTo(new MountOptions(bits, others, 0, 0, Optional.empty(), false, false, false, false, MountOptions.IdMap.NONE, List.of()));
        MountOptions recursive = MountOptions.parse(List.of("r" + word));
        assertThat(recursive).isEqualTo(new MountOptions(0, 0, bits, others, Optional.empty(), false, false, false, false, MountOptions.IdMap.NONE, List.of()));
    }

    @ParameterizedTest
    @CsvSource({"private,40000,false", "slave,80000,true", "shared,100000,true", "unbindable,20000,false", "rprivate,44000,false", "rslave,84000,true",
            "rshared,104000,true", "runbindable,24000,false"})
    void aWordOfPropagationIsThatAndNothingElse(String word, String flags, boolean connected) {
        MountOptions options = MountOptions.parse(List.of(word));
        assertThat(options.propagation().orElseThrow().flags()).isEqualTo(Long.parseLong(flags, 16));
        assertThat(options.propagation().orElseThrow().word()).isEqualTo(word);
        assertThat(options.staysConnected()).isEqualTo(connected);
        assertThat(new MountOptions(0, 0, 0, 0, Optional.empty(), false, false, false, false, MountOptions.IdMap.NONE, options.data())).isEqualTo(NOTHING);
    }

    @Test
    void bindsAreRecursiveOrNot() {
        assertThat(MountOptions.parse(List.of("bind"))).isEqualTo(new MountOptions(0, 0, 0, 0, Optional.empty(), true, false, false, false, MountOptions.IdMap.NONE, List.of()));
        assertThat(MountOptions.parse(List.of("rbind"))).isEqualTo(new MountOptions(0, 0, 0, 0, Optional.empty(), true, true, false, false, MountOptions.IdMap.NONE, List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"async", "dirsync", "lazytime", "mand", "nolazytime", "nomand", "sync", "size=64k",
            "mode=755", "uid=5", "gid=5", "ptmxmode=0666", "newinstance", "context=\"a,b\""})
    void whatTheFileSystemItselfUnderstandsIsPassedOn(String word) {
        assertThat(MountOptions.parse(List.of(word))).isEqualTo(new MountOptions(0, 0, 0, 0, Optional.empty(), false, false, false, false, MountOptions.IdMap.NONE, List.of(word)));
    }

    @Test
    void whatTheKernelIsNotToldSaysNothing() {
        assertThat(MountOptions.parse(List.of("defaults", "silent", "loud", "iversion", "noiversion", ""))).isEqualTo(NOTHING);
    }

    @Test
    void aMountMayChangeOneThatIsThere() {
        assertThat(MountOptions.parse(List.of("remount", "ro")).remount()).isTrue();
    }

    @Test
    void idsAreMappedOfOneMountOrOfTheTree() {
        assertThat(MountOptions.parse(List.of("bind", "idmap")).idMap()).isEqualTo(MountOptions.IdMap.SINGLE);
        assertThat(MountOptions.parse(List.of("rbind", "ridmap")).idMap()).isEqualTo(MountOptions.IdMap.RECURSIVE);
        assertThat(MountOptions.parse(List.of("rbind", "ridmap", "ro")).words()).isEqualTo("ro,ridmap");
    }

    @Test
    void aNewTmpfsMayBeFilled() {
        assertThat(MountOptions.parse(List.of("tmpcopyup")).copyUp()).isTrue();
    }

    @Test
    void aLaterWordWins() {
        assertThat(MountOptions.parse(List.of("ro", "rw"))).isEqualTo(MountOptions.parse(List.of("rw")));
        assertThat(MountOptions.parse(List.of("rw", "ro"))).isEqualTo(MountOptions.parse(List.of("ro")));
        assertThat(MountOptions.parse(List.of("rro", "rrw"))).isEqualTo(MountOptions.parse(List.of("rrw")));
        assertThat(MountOptions.parse(List.of("noatime", "strictatime")).set()).isEqualTo(MountOptions.STRICTATIME);
        assertThat(MountOptions.parse(List.of("noatime", "relatime")).set()).isZero();
        assertThat(MountOptions.parse(List.of("shared", "rslave")).propagation()).contains(MountOptions.Propagation.RSLAVE);
    }

    @Test
    void aBindThatIsRecursiveOnceStaysSo() {
        assertThat(MountOptions.parse(List.of("rbind", "bind")).recursive()).isTrue();
        assertThat(MountOptions.parse(List.of("bind", "rbind")).recursive()).isTrue();
        assertThat(MountOptions.parse(List.of("bind")).recursive()).isFalse();
    }

    @Test
    void theyPrintAsMountOptions() {
        assertThat(MountOptions.parse(List.of("mode=755", "nosuid", "rro", "noatime", "size=1k")).words()).isEqualTo("rro,nosuid,noatime,mode=755,size=1k");
        assertThat(NOTHING.suffix()).isEmpty();
    }
}
