package dev.carafe.engine;

import dev.carafe.base.Fault;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * The users and groups that a container's own files list (passwd(5), group(5)), and whom a user's words mean by them: docker's
 * reference of {@code docker container run --user}.
 *
 * <p>The files belong to the image and may hold anything. A line that is not of its file's form names nobody; in particular, a user
 * without a number is never taken for the superuser.
 */
public final class Accounts {
    /** More than this of either file is refused: its reader need not read further. */
    public static final int MOST_CHARACTERS = 16 << 20;

    private static final int LONGEST_LINE = 1 << 16;
    private static final int LARGEST_ID = Integer.MAX_VALUE;
    private static final int LEAST_PASSWD_FIELDS = 4;
    private static final int LEAST_GROUP_FIELDS = 3;

    private final String passwd;
    private final String group;

    /**
     * Takes the texts of both files, each empty where the container has none.
     *
     * @throws Fault of kind {@code EXHAUSTED} when one is longer than {@link #MOST_CHARACTERS}
     */
    public Accounts(String passwd, String group) {
        this.passwd = bounded("/etc/passwd", passwd);
        this.group = bounded("/etc/group", group);
    }

    private static String bounded(String file, String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw Fault.of(Fault.Kind.EXHAUSTED, "read", "\"" + file + "\" of the container", "longer than " + MOST_CHARACTERS + " characters");
        }
        return text;
    }

    private record User(String name, long uid, long gid, String home) {}

    private record Group(String name, long gid, List<String> members) {}

    /**
     * Whom the words mean.
     *
     * <p>A number means the first user with that number, or one that is not listed; a name must be listed. Without a group it is
     * the user's own, and the user is in every group that lists it; with one, in that group alone.
     *
     * @param userAndGroup {@code USER[:GROUP]}, names or numbers; empty: the superuser
     * @param additionalGroups further groups, names or numbers
     * @throws Fault of kind {@code NOT_FOUND} for names that are not listed, {@code INVALID} for numbers past 2147483647
     */
    public Account resolve(String userAndGroup, List<String> additionalGroups) {
        List<String> words = fields(userAndGroup);
        String userWord = words.getFirst();
        String groupWord = words.size() > 1 ? words.get(1) : "";
        Optional<User> listed = user(userWord.isEmpty() ? "0" : userWord);
        long uid = listed.isPresent() ? checked(listed.get().uid) : userWord.isEmpty() ? 0 : checked(number(userWord)
                .orElseThrow(() -> Fault.notFound("unable to find user", userWord, "no matching entries in passwd file")));
        long gid = checked(listed.map(User::gid).orElse(0L));
        var gids = new LinkedHashSet<Long>();
        if (!groupWord.isEmpty()) {
            gid = gid(groupWord, false, "unable to find group");
            gids.add(gid);
        } else {
            gids.add(gid);
            listed.ifPresent(user -> addMemberships(user.name, gids));
        }
        for (String additional : additionalGroups) {
            gids.add(gid(additional, true, "Unable to find group"));
        }
        return new Account(uid, gid, new ArrayList<>(gids), listed.map(User::home).orElse("/"));
    }

    private Optional<User> user(String word) {
        Optional<Long> wanted = number(word);
        var lines = new Lines(passwd);
        while (lines.next()) {
            List<String> fields = fields(lines.line);
            if (fields.size() < LEAST_PASSWD_FIELDS) {
                continue;
            }
            Optional<Long> uid = digits(fields.get(2));
            Optional<Long> gid = digits(fields.get(3));
            if (uid.isPresent() && gid.isPresent() && !fields.getFirst().isEmpty()
                    && (wanted.isPresent() ? wanted.equals(uid) : fields.getFirst().equals(word))) {
                return Optional.of(new User(fields.getFirst(), uid.get(), gid.get(), fields.size() > 5 ? fields.get(5) : ""));
            }
        }
        return Optional.empty();
    }

    /** @param numericNames whether a number may also be the name of a group */
    private long gid(String word, boolean numericNames, String fault) {
        Optional<Long> wanted = number(word);
        var lines = new Lines(group);
        while (lines.next()) {
            Optional<Group> each = group(lines.line);
            if (each.isPresent() && (wanted.equals(Optional.of(each.get().gid))
                    || (wanted.isEmpty() || numericNames) && each.get().name.equals(word))) {
                return checked(each.get().gid);
            }
        }
        return checked(wanted.orElseThrow(() -> Fault.notFound(fault, word, "no matching entries in group file")));
    }

    private void addMemberships(String user, LinkedHashSet<Long> gids) {
        var lines = new Lines(group);
        while (lines.next()) {
            if (lines.line.contains(user)) {
                group(lines.line).filter(each -> each.members.contains(user)).ifPresent(each -> gids.add(checked(each.gid)));
            }
        }
    }

    private static Optional<Group> group(String line) {
        List<String> fields = fields(line);
        if (fields.size() < LEAST_GROUP_FIELDS || fields.getFirst().isEmpty()) {
            return Optional.empty();
        }
        return digits(fields.get(2)).map(gid -> new Group(fields.getFirst(), gid, 
                fields.size() > 3 ? List.of(fields.get(3).split(",")) : List.of()));
    }

    private static long checked(long id) {
        if (id < 0 || id > LARGEST_ID) {
            throw Fault.invalid("user", Long.toString(id), "uids and gids must be in range 0-" + LARGEST_ID);
        }
        return id;
    }

    /** A whole number with or without a sign, as Go's Atoi reads it: what is too long for one is a name. */
    private static Optional<Long> number(String word) {
        boolean signed = word.startsWith("-") || word.startsWith("+");
        Optional<Long> magnitude = digits(signed ? word.substring(1) : word);
        return word.startsWith("-") ? magnitude.map(m -> -m) : magnitude;
    }

    private static Optional<Long> digits(String word) {
        if (word.isEmpty() || word.length() > 18) {
            return Optional.empty();
        }
        long number = 0;
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c < '0' || c > '9') {
                return Optional.empty();
            }
            number = 10 * number + c - '0';
        }
        return Optional.of(number);
    }

    private static List<String> fields(String line) {
        return List.of(line.split(":", -1));
    }

    /** One line after the other, without blanks around it and without those that are too long for either file. */
    private static final class Lines {
        private final String text;
        private int at;
        private String line = "";

        private Lines(String text) {
            this.text = text;
        }

        private boolean next() {
            while (at < text.length()) {
                int end = text.indexOf('\n', at);
                int from = at;
                int to = end < 0 ? text.length() : end;
                at = to + 1;
                if (to - from <= LONGEST_LINE) {
                    line = text.substring(from, to).strip();
                    return true;
                }
            }
            return false;
        }
    }
}
