package dev.carafe.bootstrap;

import dev.carafe.base.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Texts that are signed in the clear (RFC 9580 section 7, with signatures of version 4 as RFC 4880 has them), against files of public keys: RSA
 * and Ed25519, with SHA-256, SHA-384 or SHA-512. Whom a file of keys has is trusted, which is how apt uses such files; when keys
 * expire is not looked at.
 */
final class OpenPgp {
    private static final String BEGIN = "-----BEGIN PGP SIGNED MESSAGE-----";
    private static final String SIGNATURE = "-----BEGIN PGP SIGNATURE-----";
    private static final int SIGNATURE_PACKET = 2;
    private static final int KEY_PACKET = 6;
    private static final int SUBKEY_PACKET = 14;
    private static final int RSA = 1;
    private static final int EDDSA = 22;
    private static final int ED25519 = 27;

    private record Packet(int tag, byte[] body) {}

    private final Map<String, PublicKey> keys = new HashMap<>();

    /** With the keys of these files, armoured or not. */
    OpenPgp(List<Path> keyrings) {
        for (Path file : keyrings) {
            try {
                byte[] bytes = Files.readAllBytes(file);
                String text = new String(bytes, StandardCharsets.ISO_8859_1);
                for (Packet packet : packets(text.contains("-----BEGIN PGP PUBLIC KEY BLOCK-----") ? armoured(text) : bytes)) {
                    if (packet.tag() == KEY_PACKET || packet.tag() == SUBKEY_PACKET) {
                        key(packet.body());
                    }
                }
            } catch (IOException | GeneralSecurityException | RuntimeException e) {
                throw Fault.invalid("read keys", "\"" + file + "\"", "no file of OpenPGP keys").cause(e);
            }
        }
    }

    /** The text of a signed message whose signature is good. @throws Fault PERMISSION when none is, by a known key */
    String verified(String message, String object) {
        int begin = message.indexOf(BEGIN);
        int text = message.indexOf("\n\n", begin) + 2;
        int end = message.indexOf("\n" + SIGNATURE, text);
        if (begin < 0 || text < 2 || end < 0) {
            throw Fault.invalid("verify", object, "no signed text");
        }
        var plain = new ArrayList<String>();
        for (String line : message.substring(text, end).split("\n", -1)) {
            plain.add((line.startsWith("- ") ? line.substring(2) : line).replaceAll("[ \t\r]+$", ""));
        }
        byte[] canonical = String.join("\r\n", plain).getBytes(StandardCharsets.UTF_8);
        try {
            for (Packet packet : packets(armoured(message.substring(end)))) {
                if (packet.tag() == SIGNATURE_PACKET && good(packet.body(), canonical)) {
                    return String.join("\n", plain) + "\n";
                }
            }
        } catch (GeneralSecurityException | RuntimeException e) {
            throw Fault.of(Fault.Kind.PERMISSION, "verify", object, "its signature cannot be read").cause(e);
        }
        throw Fault.of(Fault.Kind.PERMISSION, "verify", object, "no good signature by a key that is trusted").hint("install the keyring of that distribution, or name its keys with --keyring");
    }

    private boolean good(byte[] body, byte[] text) throws GeneralSecurityException {
        var in = ByteBuffer.wrap(body);
        int version = in.get() & 0xFF;
        int type = in.get() & 0xFF;
        int algorithm = in.get() & 0xFF;
        String hash = switch (in.get() & 0xFF) {
            case 8 -> "256";
            case 9 -> "384";
            case 10 -> "512";
            default -> "";
        };
        if (version != 4 || type > 1 || hash.isEmpty()) {
            return false;
        }
        byte[] hashed = bytes(in, in.getShort() & 0xFFFF);
        byte[] other = bytes(in, in.getShort() & 0xFFFF);
        in.getShort();
        PublicKey key = keys.get(issuer(hashed));
        key = key == null ? keys.get(issuer(other)) : key;
        if (key == null) {
            return false;
        }
        int covered = 6 + hashed.length;
        byte[] trailer = ByteBuffer.allocate(covered + 6).put(body, 0, covered).put((byte) 4).put((byte) 0xFF).putInt(covered).array();
        Signature check;
        byte[] signature;
        if (algorithm == RSA) {
            check = Signature.getInstance("SHA" + hash + "withRSA");
            check.initVerify(key);
            check.update(text);
            check.update(trailer);
            signature = padded(number(in), (((java.security.interfaces.RSAPublicKey) key).getModulus().bitLength() + 7) / 8);
        } else if (algorithm == EDDSA || algorithm == ED25519) {
            MessageDigest digest = MessageDigest.getInstance("SHA-" + hash);
            digest.update(text);
            check = Signature.getInstance("Ed25519");
            check.initVerify(key);
            check.update(digest.digest(trailer));
            signature = algorithm == ED25519 ? bytes(in, 64) : joined(padded(number(in), 32), padded(number(in), 32));
        } else {
            return false;
        }
        return check.verify(signature);
    }

    /** The id of the key that made a signature, by subpacket 33 (a fingerprint) or 16 (an id). */
    private static String issuer(byte[] subpackets) {
        var in = ByteBuffer.wrap(subpackets);
        String found = "";
        while (in.hasRemaining()) {
            int length = in.get() & 0xFF;
            length = length < 192 ? length : length < 255 ? (length - 192 << 8) + (in.get() & 0xFF) + 192 : in.getInt();
            byte[] body = bytes(in, length);
            int type = body[0] & 0x7F;
            if ((type == 33 || type == 16) && body.length > 8) {
                found = hex(Arrays.copyOfRange(body, body.length - 8, body.length));
            }
        }
        return found;
    }

    private void key(byte[] body) throws GeneralSecurityException {
        var in = ByteBuffer.wrap(body);
        if (in.get() != 4) {
            return;
        }
        in.getInt();
        int algorithm = in.get() & 0xFF;
        MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
        sha1.update(new byte[] {(byte) 0x99, (byte) (body.length >> 8), (byte) body.length});
        byte[] fingerprint = sha1.digest(body);
        String id = hex(Arrays.copyOfRange(fingerprint, 12, 20));
        if (algorithm == RSA) {
            keys.put(id, KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(new BigInteger(1, number(in)), new BigInteger(1, number(in)))));
        } else if (algorithm == EDDSA) {
            bytes(in, in.get() & 0xFF);
            byte[] point = number(in);
            if (point.length == 33 && point[0] == 0x40) {
                keys.put(id, edwards(Arrays.copyOfRange(point, 1, 33)));
            }
        } else if (algorithm == ED25519) {
            keys.put(id, edwards(bytes(in, 32)));
        }
    }

    private static PublicKey edwards(byte[] littleEndian) throws GeneralSecurityException {
        byte[] big = new byte[32];
        for (int k = 0; k < 32; k++) {
            big[k] = littleEndian[31 - k];
        }
        boolean odd = (big[0] & 0x80) != 0;
        big[0] &= 0x7F;
        return KeyFactory.getInstance("Ed25519").generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, big))));
    }

    private static List<Packet> packets(byte[] bytes) {
        var in = ByteBuffer.wrap(bytes);
        var all = new ArrayList<Packet>();
        while (in.hasRemaining()) {
            int head = in.get() & 0xFF;
            int tag;
            int length;
            if ((head & 0x40) != 0) {
                tag = head & 0x3F;
                int first = in.get() & 0xFF;
                length = first < 192 ? first : first < 224 ? (first - 192 << 8) + (in.get() & 0xFF) + 192 : in.getInt();
            } else {
                tag = head >> 2 & 0xF;
                length = switch (head & 3) {
                    case 0 -> in.get() & 0xFF;
                    case 1 -> in.getShort() & 0xFFFF;
                    case 2 -> in.getInt();
                    default -> in.remaining();
                };
            }
            all.add(new Packet(tag, bytes(in, length)));
        }
        return all;
    }

    /** What an armoured text holds, all blocks of it; the checksum is not needed where a signature is checked. */
    private static byte[] armoured(String text) {
        var bytes = new ByteArrayOutputStream();
        var base64 = new StringBuilder();
        boolean inside = false;
        boolean headers = false;
        for (String line : text.split("\r?\n")) {
            if (line.startsWith("-----BEGIN PGP")) {
                inside = true;
                headers = true;
            } else if (line.startsWith("-----END PGP")) {
                bytes.writeBytes(Base64.getMimeDecoder().decode(base64.toString()));
                base64.setLength(0);
                inside = false;
            } else if (inside && headers && line.isBlank()) {
                headers = false;
            } else if (inside && !headers && !line.startsWith("=")) {
                base64.append(line);
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] bytes(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("cut off");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    /** A number with its length in bits before it. */
    private static byte[] number(ByteBuffer in) {
        return bytes(in, ((in.getShort() & 0xFFFF) + 7) / 8);
    }

    private static byte[] padded(byte[] number, int length) {
        byte[] whole = new byte[length];
        System.arraycopy(number, 0, whole, length - number.length, number.length);
        return whole;
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    private static String hex(byte[] bytes) {
        return java.util.HexFormat.of().formatHex(bytes);
    }
}
