package dev.carafe.docker;

import dev.carafe.base.Fault;
import dev.carafe.docker.http.Endpoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The files of a server that speaks TLS, in PEM.
 *
 * @param certificate its own, with those between it and its authority
 * @param key its private key, in PKCS #8 or PKCS #1
 * @param authority who signs the certificates of clients; absent: clients need none
 */
public record TlsFiles(Path certificate, Path key, Optional<Path> authority) {
    Endpoint.Tls open() {
        try {
            char[] nothing = new char[0];
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, nothing);
            keys.setKeyEntry("server", privateKey(), nothing, certificates(certificate).toArray(Certificate[]::new));
            KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            own.init(keys, nothing);
            TrustManagerFactory others = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            if (authority.isPresent()) {
                KeyStore trusted = KeyStore.getInstance("PKCS12");
                trusted.load(null, nothing);
                int number = 0;
                for (Certificate one : certificates(authority.get())) {
                    trusted.setCertificateEntry("authority" + number++, one);
                }
                others.init(trusted);
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own.getKeyManagers(), authority.isPresent() ? others.getTrustManagers() : null, null);
            return new Endpoint.Tls(context, authority.isPresent());
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw Fault.invalid("read", "TLS files \"" + certificate + "\" and \"" + key + "\"", String.valueOf(e.getMessage())).cause(e);
        }
    }

    private static Collection<? extends Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        Collection<? extends Certificate> all = CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
        if (all.isEmpty()) {
            throw new IOException("no certificate in " + file);
        }
        return all;
    }

    private PrivateKey privateKey() throws IOException, GeneralSecurityException {
        String text = Files.readString(key, StandardCharsets.US_ASCII);
        int begin = text.indexOf("-----BEGIN ");
        // Keys on elliptic curves may have their parameters in front.
        while (begin >= 0 && !text.startsWith("PRIVATE KEY", begin + 11) && !text.startsWith("RSA PRIVATE KEY", begin + 11)) {
            begin = text.indexOf("-----BEGIN ", begin + 1);
        }
        if (begin < 0) {
            throw new IOException("no private key in PKCS #8 or PKCS #1 in " + key);
        }
        boolean rsa = text.startsWith("RSA", begin + 11);
        int from = text.indexOf('\n', begin) + 1;
        byte[] bytes = Base64.getMimeDecoder().decode(text.substring(from, text.indexOf("-----END", from)));
        if (rsa) {
            return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(wrapped(bytes)));
        }
        var encoded = new PKCS8EncodedKeySpec(bytes);
        for (String algorithm : new String[] {"RSA", "EC", "EdDSA"}) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (GeneralSecurityException another) {
                // Another sort of key.
            }
        }
        throw new IOException("an unknown sort of private key in " + key);
    }

    /** A key of PKCS #1 as PKCS #8 holds it (RFC 5208): version, algorithm, octets. */
    private static byte[] wrapped(byte[] rsa) {
        byte[] head = {0x02, 0x01, 0x00, 0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00};
        byte[] octets = element(0x04, rsa);
        byte[] both = java.util.Arrays.copyOf(head, head.length + octets.length);
        System.arraycopy(octets, 0, both, head.length, octets.length);
        return element(0x30, both);
    }

    /** With a length of two bytes (X.690, 8.1.3), which keys have. */
    private static byte[] element(int tag, byte[] content) {
        var all = new byte[4 + content.length];
        all[0] = (byte) tag;
        all[1] = (byte) 0x82;
        all[2] = (byte) (content.length >> 8);
        all[3] = (byte) content.length;
        System.arraycopy(content, 0, all, 4, content.length);
        return all;
    }
}
