package dev.carafe.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A rule of nf_tables: a list of small instructions that fill registers, compare them, and at last act. Written as one reads it:
 * {@code new NftRule().fourOnly().loadSource4(0).inSet("banned").drop()}.
 *
 * <p>There are sixteen registers of four bytes, numbered from 0 here; a key of several parts stands in consecutive ones.
 */
public final class NftRule {
    /** NFT_REG32_00. */
    private static final int FIRST = 8;
    private static final int VERDICT = 0;
    private static final int DROP = 0;
    private static final int ACCEPT = 1;
    private static final int META_IIFNAME = 6;
    private static final int META_OIFNAME = 7;
    private static final int META_NFPROTO = 15;
    private static final int META_L4PROTO = 16;
    private static final int LINK = 0;
    private static final int NETWORK = 1;
    private static final int TRANSPORT = 2;
    private static final int EQUAL = 0;
    private static final int DIFFERENT = 1;
    private static final int SUM_INET = 1;
    private static final int CT_STATE = 0;
    private static final int CT_STATUS = 2;
    /** Established and related. */
    private static final int STATE_KNOWN = 2 | 4;
    private static final int STATUS_DNAT = 1 << 5;
    private static final int RTN_LOCAL = 2;

    private final List<Consumer<NetlinkMessage>> parts = new ArrayList<>();

    void write(NetlinkMessage message) {
        for (Consumer<NetlinkMessage> part : parts) {
            part.accept(message);
        }
    }

    private NftRule add(String name, Consumer<NetlinkMessage> data) {
        parts.add(message -> {
            int element = message.begin(1);
            message.attribute(1, name);
            int body = message.begin(2);
            data.accept(message);
            message.end(body).end(element);
        });
        return this;
    }

    private NftRule meta(int register, int key) {
        return add("meta", m -> m.attributeBig32(1, FIRST + register).attributeBig32(2, key));
    }

    /** Four registers. */
    public NftRule loadInLink(int register) {
        return meta(register, META_IIFNAME);
    }

    /** Four registers. */
    public NftRule loadOutLink(int register) {
        return meta(register, META_OIFNAME);
    }

    public NftRule loadProtocol(int register) {
        return meta(register, META_L4PROTO);
    }

    private NftRule payload(int register, int base, int offset, int length) {
        return add("payload", m -> m.attributeBig32(1, FIRST + register).attributeBig32(2, base).attributeBig32(3, offset).attributeBig32(4, length));
    }

    public NftRule loadDestinationPort(int register) {
        return payload(register, TRANSPORT, 2, 2);
    }

    public NftRule loadDestination4(int register) {
        return payload(register, NETWORK, 16, 4);
    }

    /** Four registers. */
    public NftRule loadDestination6(int register) {
        return payload(register, NETWORK, 24, 16);
    }

    public NftRule loadSource4(int register) {
        return payload(register, NETWORK, 12, 4);
    }

    /** Four registers. */
    public NftRule loadSource6(int register) {
        return payload(register, NETWORK, 8, 16);
    }

    public NftRule loadSourcePort(int register) {
        return payload(register, TRANSPORT, 0, 2);
    }

    /**
     * Writes another port into the packet, without any memory of connections, and sums it anew.
     *
     * @param destination which of its ports
     * @param protocol 6 for TCP, 17 for UDP, whose sums stand in different places
     */
    public NftRule writePort(boolean destination, int port, int protocol) {
        return immediate(0, new byte[] {(byte) (port >> 8), (byte) port}).add("payload", m -> m.attributeBig32(2, TRANSPORT).attributeBig32(3, destination ? 2 : 0)
                .attributeBig32(4, 2).attributeBig32(5, FIRST).attributeBig32(6, SUM_INET).attributeBig32(7, protocol == 6 ? 16 : 6));
    }

    /** The address that the sender of an ARP packet says it has. */
    public NftRule loadArpSender(int register) {
        return payload(register, NETWORK, 14, 4);
    }

    /** Two registers. */
    public NftRule loadSourceMac(int register) {
        return payload(register, LINK, 6, 6);
    }

    /** Only frames of that type, such as 0x0800. */
    public NftRule etherType(int type) {
        return payload(0, LINK, 12, 2).compare(0, new byte[] {(byte) (type >> 8), (byte) type});
    }

    private NftRule compare(int register, byte[] value) {
        return compare(register, EQUAL, value);
    }

    private NftRule compare(int register, int how, byte[] value) {
        return add("cmp", m -> {
            m.attributeBig32(1, FIRST + register).attributeBig32(2, how);
            int data = m.begin(3);
            m.attribute(1, value).end(data);
        });
    }

    /** Only packets whose first bytes of what was loaded are those. */
    public NftRule is(int register, byte[] value) {
        return compare(register, value);
    }

    /** Only packets whose first bytes of what was loaded are others. */
    public NftRule isNot(int register, byte[] value) {
        return compare(register, DIFFERENT, value);
    }

    public NftRule fourOnly() {
        return meta(0, META_NFPROTO).compare(0, new byte[] {2});
    }

    public NftRule sixOnly() {
        return meta(0, META_NFPROTO).compare(0, new byte[] {10});
    }

    /** Only packets to the host's own addresses. */
    public NftRule toThisHost() {
        return add("fib", m -> m.attributeBig32(1, FIRST).attributeBig32(2, 3).attributeBig32(3, 2)).compare(0, native32(RTN_LOCAL));
    }

    private NftRule bits(int key, int mask) {
        return add("ct", m -> m.attributeBig32(1, FIRST).attributeBig32(2, key)).add("bitwise", m -> {
            m.attributeBig32(1, FIRST).attributeBig32(2, FIRST).attributeBig32(3, 4);
            int bits = m.begin(4);
            m.attribute(1, native32(mask)).end(bits);
            int zero = m.begin(5);
            m.attribute(1, native32(0)).end(zero);
        }).add("cmp", m -> {
            m.attributeBig32(1, FIRST).attributeBig32(2, 1);
            int data = m.begin(3);
            m.attribute(1, native32(0)).end(data);
        });
    }

    /** Only packets of connections that are known. */
    public NftRule known() {
        return bits(CT_STATE, STATE_KNOWN);
    }

    /** Only packets of connections whose destination was translated. */
    public NftRule translated() {
        return bits(CT_STATUS, STATUS_DNAT);
    }

    private static byte[] native32(int value) {
        return ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array();
    }

    /** Only packets for which what was loaded from that register on is in the set. */
    public NftRule inSet(String set, int register) {
        return add("lookup", m -> m.attribute(1, set).attributeBig32(2, FIRST + register));
    }

    public NftRule notInSet(String set, int register) {
        return add("lookup", m -> m.attribute(1, set).attributeBig32(2, FIRST + register).attributeBig32(5, 1));
    }

    /** Only packets for which the map has an entry, which then stands in the registers from 0 on. */
    public NftRule lookUp(String map) {
        return add("lookup", m -> m.attribute(1, map).attributeBig32(2, FIRST).attributeBig32(3, FIRST));
    }

    /** To the address in register 0, and the port behind it. */
    public NftRule translate(boolean six) {
        return add("nat", m -> m.attributeBig32(1, 1).attributeBig32(2, six ? 10 : 2).attributeBig32(3, FIRST).attributeBig32(5, FIRST + (six ? 4 : 1)));
    }

    /** To that port of this address. */
    public NftRule translate(byte[] address, int port) {
        return immediate(0, address).immediate(4, new byte[] {(byte) (port >> 8), (byte) port})
                .add("nat", m -> m.attributeBig32(1, 1).attributeBig32(2, address.length == 16 ? 10 : 2).attributeBig32(3, FIRST).attributeBig32(5, FIRST + 4));
    }

    private NftRule immediate(int register, byte[] value) {
        return add("immediate", m -> {
            m.attributeBig32(1, FIRST + register);
            int data = m.begin(2);
            m.attribute(1, value).end(data);
        });
    }

    /** Its sender is the address of the link that it leaves by. */
    public NftRule masquerade() {
        return add("masq", m -> { });
    }

    /** Counts packets and bytes that come as far as this. */
    public NftRule count() {
        return add("counter", m -> { });
    }

    public NftRule accept() {
        return verdict(ACCEPT);
    }

    public NftRule drop() {
        return verdict(DROP);
    }

    private NftRule verdict(int code) {
        return add("immediate", m -> {
            m.attributeBig32(1, VERDICT);
            int data = m.begin(2);
            int verdict = m.begin(2);
            m.attributeBig32(1, code).end(verdict).end(data);
        });
    }
}
