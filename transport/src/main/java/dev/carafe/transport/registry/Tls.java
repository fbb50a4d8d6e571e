package dev.carafe.transport.registry;

import dev.carafe.base.Fault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * What is trusted and shown when speaking TLS: the machine's authorities and those in {@code *.crt} files; client certificates in
 * {@code *.cert} with their {@code *.key} beside them, as in the directories of containers-certs.d(5).
 */
final class Tls {
    private static final Path SYSTEM_BUNDLE = Path.of("/etc/ssl/certs/ca-certificates.crt");
    private static final char[] NO_PASSWORD = new char[0];

    private Tls() {}

    /** For these directories, and files of authorities; those that are not there say nothing. */
    static SSLContext context(List<Path> directories, boolean verify) {
        try {
            var authorities = new ArrayList<Certificate>();
            KeyStore keys = empty();
            for (Path directory : directories) {
                read(directory, authorities, keys);
            }
            KeyManager[] shown = {};
            if (keys.size() > 0) {
                KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                factory.init(keys, NO_PASSWORD);
                shown = factory.getKeyManagers();
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(shown, verify ? trust(authorities) : new TrustManager[] {new Anybody()}, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "read certificates in", directories.toString(), String.valueOf(e.getMessage())).cause(e);
        }
    }

    /** For a client that will not speak TLS. */
    static SSLContext none() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[0], new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has TLS", e);
        }
    }

    private static TrustManager[] trust(List<Certificate> authorities) throws GeneralSecurityException, IOException {
        KeyStore trusted = empty();
        if (Files.isReadable(SYSTEM_BUNDLE)) {
            try (InputStream in = Files.newInputStream(SYSTEM_BUNDLE)) {
                add(trusted, "system", CertificateFactory.getInstance("X.509").generateCertificates(in));
            }
        }
        add(trusted, "own", authorities);
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted.size() == 0 ? null : trusted);
        return factory.getTrustManagers();
    }

    private static void add(KeyStore store, String prefix, Collection<? extends Certificate> certificates) throws GeneralSecurityException {
        int number = 0;
        for (Certificate certificate : certificates) {
            store.setCertificateEntry(prefix + number++, certificate);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static void read(Path directory, List<Certificate> authorities, KeyStore keys) throws IOException, GeneralSecurityException {
        if (Files.isRegularFile(directory)) {
            authorities.addAll(certificates(directory));
            return;
        }
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.endsWith(".crt")) {
                    authorities.addAll(certificates(file));
                } else if (name.endsWith(".cert")) {
                    Path key = file.resolveSibling(name.substring(0, name.length() - 5) + ".key");
                    if (!Files.exists(key)) {
                        throw Fault.notFound("read", "\"" + key + "\"", "missing, but needed for the client certificate " + name)
                                .hint("certificates of authorities end in .crt, those of clients in .cert");
                    }
                    keys.setKeyEntry(name, key(key), NO_PASSWORD, certificates(file).toArray(Certificate[]::new));
                }
            }
        }
    }

    private static Collection<? extends Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
        if (found.isEmpty()) {
            throw Fault.invalid("read", "\"" + file + "\"", "no certificate in it");
        }
        return found;
    }

    /** A key in PKCS #8; the older forms of openssl are told from it by their heads. */
    private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        int begin = text.indexOf("-----BEGIN PRIVATE KEY-----");
        int end = text.indexOf("-----END PRIVATE KEY-----");
        if (begin < 0 || end < begin) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "read", "\"" + file + "\"", "no unencrypted key in the form PKCS #8").hint("convert it with openssl pkcs8 -topk8 -nocrypt");
        }
        byte[] der = Base64.getMimeDecoder().decode(text.substring(begin + 27, end));
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException other) {
                // It is of another algorithm.
            }
        }
        throw Fault.of(Fault.Kind.UNSUPPORTED, "read", "\"" + file + "\"", "neither an RSA, nor an EC, nor an EdDSA key");
    }

    /** Trusts whoever answers, by the user's explicit wish; an extended one, so that host names are not compared either. */
    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
