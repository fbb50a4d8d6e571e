package dev.carafe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountsTest {
    private static final String PASSWD = """
            root:x:0:0:root:/root:/bin/sh
            # people
            ada:x:1000:100:Ada:/home/ada:/bin/sh
            eve:x::0:no number:/:/bin/sh
            mallory:x:zero:0::/:/bin/sh
            :x:1001:1001::/nobody:
            bob:x:1002:1002:Bob
            777:x:1003:1003::/seven:/bin/sh
            big:x:4294967296:0::/big:/bin/sh
            """;
    private static final String GROUP = """
            root:x:0:
            users:x:100:eve
            wheel:x:10:root,ada
            video:x:44:ada
            bad:x:ten:ada
            short:x:55
            44:x:60:
            """;

    private static final Accounts ACCOUNTS = new Accounts(PASSWD, GROUP);

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''          | 0    | 0    | 0 10      | /root",
        "root        | 0    | 0    | 0 10      | /root",
        "0           | 0    | 0    | 0 10      | /root",
        "ada         | 1000 | 100  | 100 10 44 | /home/ada",
        "1000        | 1000 | 100  | 100 10 44 | /home/ada",
        "+1000       | 1000 | 100  | 100 10 44 | /home/ada",
        "ada:wheel   | 1000 | 10   | 10        | /home/ada",
        "ada:5       | 1000 | 5    | 5         | /home/ada",
        "1000:short  | 1000 | 55   | 55        | /home/ada",
        "ada:44      | 1000 | 44   | 44        | /home/ada",
        "4242        | 4242 | 0    | 0         | /",
        "4242:video  | 4242 | 44   | 44        | /",
        "2147483647  | 2147483647 | 0 | 0      | /",
        ":wheel      | 0    | 10   | 10        | /root",
        "ada:        | 1000 | 100  | 100 10 44 | /home/ada",
        "bob         | 1002 | 1002 | 1002      | ''",
        "777         | 777  | 0    | 0         | /",
    })
    void wordsMeanAnAccount(String words, long uid, long gid, String gids, String home) {
        Account account = ACCOUNTS.resolve(words, List.of());

        assertThat(account).isEqualTo(new Account(uid, gid, List.of(gids.split(" ")).stream().map(Long::valueOf).toList(), home));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "nobody            | unable to find user nobody: no matching entries in passwd file",
        "eve               | unable to find user eve: no matching entries in passwd file",
        "mallory           | unable to find user mallory: no matching entries in passwd file",
        "0:nothing         | unable to find group nothing: no matching entries in group file",
        "0:bad             | unable to find group bad: no matching entries in group file",
        "2147483648        | user 2147483648: uids and gids must be in range 0-2147483647",
        "-1                | user -1: uids and gids must be in range 0-2147483647",
        "0:4294967295      | user 4294967295: uids and gids must be in range 0-2147483647",
        "big               | user 4294967296: uids and gids must be in range 0-2147483647",
        "99999999999999999999 | unable to find user 99999999999999999999: no matching entries in passwd file",
    })
    void wordsThatMeanNobodyAreRefusedAsDockerRefusesThem(String words, String message) {
        assertThatThrownBy(() -> ACCOUNTS.resolve(words, List.of())).isInstanceOf(Fault.class).hasMessage(message);
    }

    @Test
    void furtherGroupsFollowTheUsersOwnAndAreNotRepeated() {
        assertThat(ACCOUNTS.resolve("ada", List.of("44", "root", "12345", "wheel")).additionalGids())
                .containsExactly(100L, 10L, 44L, 0L, 12345L);
    }

    @Test
    void aFurtherGroupMayBeNamedByANumberThatIsItsName() {
        var accounts = new Accounts("", "60:x:7:\n");

        assertThat(accounts.resolve("", List.of("60")).additionalGids()).containsExactly(0L, 7L);
        assertThat(accounts.resolve("0:60", List.of()).gid()).isEqualTo(60);
    }

    @Test
    void aFurtherGroupThatIsNotListedIsRefused() {
        assertThatThrownBy(() -> ACCOUNTS.resolve("", List.of("nothing")))
                .hasMessage("Unable to find group nothing: no matching entries in group file");
    }

    @Test
    void withoutFilesOnlyNumbersMeanAnything() {
        var none = new Accounts("", "");

        assertThat(none.resolve("", List.of())).isEqualTo(Account.ROOT);
        assertThat(none.resolve("7:8", List.of())).isEqualTo(new Account(7, 8, List.of(8L), "/"));
        assertThatThrownBy(() -> none.resolve("root", List.of())).hasMessageContaining("unable to find user root");
    }

    @Test
    void aLineThatIsTooLongIsSkippedAndAFileThatIsTooLongIsRefused() {
        String long1 = "ada:" + "x".repeat(1 << 17) + ":1:1::/:\nada:x:2:2::/a:\n";

        assertThat(new Accounts(long1, "").resolve("ada", List.of()).uid()).isEqualTo(2);
        assertThatThrownBy(() -> new Accounts("", "x".repeat(Accounts.MOST_CHARACTERS + 1))).isInstanceOf(Fault.class)
                .hasMessageContaining("/etc/group");
    }

    @Test
    void aNameThatIsPartOfAnotherIsNotAMember() {
        assertThat(new Accounts("ad:x:5:6::/:\n", GROUP).resolve("ad", List.of()).additionalGids()).containsExactly(6L);
    }
}
