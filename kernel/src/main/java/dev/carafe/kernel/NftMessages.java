package dev.carafe.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Messages to the kernel's packet filter, nf_tables: tables, base chains, rules, sets and their elements (nft(8); the attributes are those of
 * linux/netfilter/nf_tables.h). Several are sent at once, between {@link #begin} and {@link #end}, by {@link Netlink#transact}.
 */
public final class NftMessages {
    private static final int SUBSYSTEM = 10;
    private static final int BATCH_BEGIN = 0x10;
    private static final int BATCH_END = 0x11;
    /** NFT_TABLE_F_OWNER. */
    private static final int OWNED = 2;
    private static final int NEWTABLE = 0;
    private static final int DELTABLE = 2;
    private static final int NEWCHAIN = 3;
    private static final int GETCHAIN = 4;
    private static final int NEWRULE = 6;
    private static final int GETTABLE = 1;
    private static final int NEWSET = 9;
    private static final int NEWSETELEM = 12;
    private static final int GETSETELEM = 13;
    private static final int DELSETELEM = 14;
    private static final int MAP = 8;
    private static final int ELEMENTS_LIST = 3;
    private static final int LIST_ELEM = 1;
    private static final int ELEM_KEY = 1;
    private static final int ELEM_DATA = 2;
    private static final int VALUE = 1;
    /** struct nfgenmsg. */
    public static final int HEADER_BYTES = 4;

    private NftMessages() {
    }

    /** The family of a table: which packets it sees. */
    public enum Family {
        /** IPv4 and IPv6. */
        INET(1),
        IPV4(2),
        IPV6(10),
        /** Frames that a bridge passes on. */
        BRIDGE(7);

        private final int number;

        Family(int number) {
            this.number = number;
        }
    }

    /** Where in a packet's way a base chain stands; the numbers are the same for both families that are used here. */
    public enum Hook {
        PREROUTING, INPUT, FORWARD, OUTPUT, POSTROUTING
    }

    /** The type of a key's or a value's part, by nft's own numbers, which only matter to those who print them; and its length in bytes. */
    public enum Type {
        IPV4(7, 4), IPV6(8, 16), ETHERNET(9, 6), PROTOCOL(12, 1), SERVICE(13, 2), LINK_NAME(41, 16);

        private final int number;
        private final int bytes;

        Type(int number, int bytes) {
            this.number = number;
            this.bytes = bytes;
        }

        public int bytes() {
            return bytes;
        }
    }

    /** An element of a set, or an entry of a map: a key, and the value that stands for it; empty in a set. */
    public record Element(byte[] key, byte[] value) {
    }

    private static NetlinkMessage message(int type, int flags, Family family) {
        return new NetlinkMessage(SUBSYSTEM << 8 | type, flags).put8(family.number).put8(0).put16(0);
    }

    private static NetlinkMessage frame(int type) {
        // The subsystem stands in network order.
        return new NetlinkMessage(type, 0).put8(0).put8(0).put8(0).put8(SUBSYSTEM);
    }

    public static NetlinkMessage begin() {
        return frame(BATCH_BEGIN);
    }

    public static NetlinkMessage end() {
        return frame(BATCH_END);
    }

    /** @param exclusive whether it is refused (EEXIST) when there is one */
    public static NetlinkMessage makeTable(Family family, String table, boolean exclusive) {
        return message(NEWTABLE, NetlinkMessage.ACK | NetlinkMessage.CREATE | (exclusive ? NetlinkMessage.EXCLUSIVE : 0), family).attribute(1, table).attributeBig32(2, 0);
    }

    /**
     * A table that belongs to the socket by which it is made: nobody else changes it, and it goes with the socket, however that ends (Linux 5.12,
     * NFT_TABLE_F_OWNER). Refused (EEXIST) when there is one.
     */
    public static NetlinkMessage makeOwnTable(Family family, String table) {
        return message(NEWTABLE, NetlinkMessage.ACK | NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE, family).attribute(1, table).attributeBig32(2, OWNED);
    }

    public static NetlinkMessage removeTable(Family family, String table) {
        return message(DELTABLE, NetlinkMessage.ACK, family).attribute(1, table);
    }

    /** Asks for a table; a fault when there is none (ENOENT). */
    public static NetlinkMessage getTable(Family family, String table) {
        return message(GETTABLE, 0, family).attribute(1, table);
    }

    /** A chain that packets come to by themselves, and leave unharmed unless a rule says otherwise. */
    public static NetlinkMessage makeBaseChain(Family family, String table, String chain, String type, Hook hook, int priority) {
        NetlinkMessage message = message(NEWCHAIN, NetlinkMessage.ACK | NetlinkMessage.CREATE, family).attribute(1, table).attribute(3, chain);
        int place = message.begin(4);
        return message.attributeBig32(1, hook.ordinal()).attributeBig32(2, priority).end(place).attribute(7, type);
    }

    /** Asks for all chains of all tables of that family. */
    public static NetlinkMessage chains(Family family) {
        return message(GETCHAIN, NetlinkMessage.DUMP, family);
    }

    /** A rule behind those that the chain has. */
    public static NetlinkMessage addRule(Family family, String table, String chain, NftRule rule) {
        NetlinkMessage message = message(NEWRULE, NetlinkMessage.ACK | NetlinkMessage.CREATE | NetlinkMessage.APPEND, family).attribute(1, table).attribute(2, chain);
        int list = message.begin(4);
        rule.write(message);
        return message.end(list);
    }

    /** @param id a number that no other set of the same transaction has */
    public static NetlinkMessage makeSet(Family family, String table, String set, List<Type> key, List<Type> value, int id) {
        NetlinkMessage message = message(NEWSET, NetlinkMessage.ACK | NetlinkMessage.CREATE, family).attribute(1, table).attribute(2, set)
                .attributeBig32(3, value.isEmpty() ? 0 : MAP).attributeBig32(4, number(key)).attributeBig32(5, length(key));
        if (!value.isEmpty()) {
            message.attributeBig32(6, number(value)).attributeBig32(7, length(value));
        }
        // A note for those who print it, in the form of their library: whether the key is in the machine's order (1) or in the network's (2).
        boolean text = key.size() == 1 && key.getFirst() == Type.LINK_NAME;
        byte[] note = ByteBuffer.allocate(6).order(ByteOrder.nativeOrder()).put((byte) 0).put((byte) 4).putInt(text ? 1 : 2).array();
        return message.attributeBig32(10, id).attribute(13, note);
    }

    /** Types of several parts are put together by nft with six bits each. */
    private static int number(List<Type> types) {
        int number = 0;
        for (Type type : types) {
            number = number << 6 | type.number;
        }
        return number;
    }

    /** Parts are padded to four bytes where there are several. */
    private static int length(List<Type> types) {
        int length = 0;
        for (Type type : types) {
            length += types.size() == 1 ? type.bytes : type.bytes + 3 & ~3;
        }
        return length;
    }

    /** @param exclusive whether it is refused (EEXIST) when a key is there already */
    public static NetlinkMessage addElements(Family family, String table, String set, List<Element> elements, boolean exclusive) {
        return elements(NEWSETELEM, NetlinkMessage.CREATE | (exclusive ? NetlinkMessage.EXCLUSIVE : 0), family, table, set, elements);
    }

    /** Refused (ENOENT) when one of the keys is not there. */
    public static NetlinkMessage removeElements(Family family, String table, String set, List<Element> elements) {
        return elements(DELSETELEM, 0, family, table, set, elements);
    }

    private static NetlinkMessage elements(int type, int flags, Family family, String table, String set, List<Element> elements) {
        NetlinkMessage message = message(type, NetlinkMessage.ACK | flags, family).attribute(1, table).attribute(2, set);
        int list = message.begin(ELEMENTS_LIST);
        for (Element element : elements) {
            int one = message.begin(LIST_ELEM);
            int key = message.begin(ELEM_KEY);
            message.attribute(VALUE, element.key()).end(key);
            if (element.value().length > 0) {
                int data = message.begin(ELEM_DATA);
                message.attribute(VALUE, element.value()).end(data);
            }
            message.end(one);
        }
        return message.end(list);
    }

    /** Asks for the elements of a set. */
    public static NetlinkMessage listElements(Family family, String table, String set) {
        return message(GETSETELEM, NetlinkMessage.DUMP, family).attribute(1, table).attribute(2, set);
    }
}
