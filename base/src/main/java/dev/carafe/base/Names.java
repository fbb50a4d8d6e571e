package dev.carafe.base;

import java.util.random.RandomGenerator;

/**
 * Names of containers, volumes and networks: which ones are allowed (Docker's rule), and ones for those who give none, such as
 * {@code gentle_amphora}.
 */
public final class Names {
    private static final String ALLOWED = "[a-zA-Z0-9][a-zA-Z0-9_.-]";

    private static final String ADJECTIVES = """
            agile airy amber ample azure balmy blithe bold brave breezy bright brisk calm candid careful cheerful clear
            clever cosy crisp curious dapper daring deft dewy diligent eager earnest easy elegant fair fearless festive
            fine fluent fond frank fresh friendly frosty gallant gentle genuine gifted glad gleaming golden graceful
            grand happy hardy hearty honest humble ideal jolly jovial joyful keen kind lively lofty loyal lucid lucky
            mellow merry mighty mild modest neat nimble noble patient peaceful placid playful plucky polished proud pure
            quick quiet radiant rapid robust rosy serene silver smooth snug sober spry steady sturdy subtle sunny supple
            swift tactful tender thrifty tidy tranquil trusty upbeat valiant velvet vivid warm willing wise witty worthy
            zesty""";

    private static final String NOUNS = """
            alabastron albarello amphora ampulla aryballos askos balloon barrel basin beaker bottle bowl bucket canteen
            carafe cask cauldron censer chalice cistern coupe crucible cruet cup cylix decanter demijohn ewer firkin
            flacon flagon flask flute goblet growler hydria jar jeroboam jug kantharos keg kettle krater kylix lagynos
            lekythos magnum measure mug nautilus oinochoe olla olpe patera pelike phial pipette pitcher porringer pot
            rhyton rummer samovar skyphos snifter stamnos stein tankard teapot tumbler urn vase vial abel ampere
            archimedes aryabhata avogadro babbage banach bassi becquerel bell bernoulli boltzmann bohr bolyai boole born
            bose boyle brahe brahmagupta burnell cannon cantor carson cauchy cavendish celsius chandrasekhar chatelet
            cori coulomb crick curie dalton darwin davy dedekind descartes dijkstra dirac einstein elion euclid euler
            faraday fermat fermi feynman fibonacci fourier franklin fresnel galilei galois gauss germain godel goeppert
            goodall haber hamilton heisenberg helmholtz herschel hertz hilbert hodgkin hooke hopper hubble huygens
            hypatia jemison joule kelvin kepler khayyam khwarizmi knuth kovalevskaya lagrange lamarr laplace lavoisier
            leavitt leibniz linnaeus lister lorentz lovelace maxwell mayer mccarthy mcclintock meitner mendel mendeleev
            mirzakhani mitchell napier neumann newton nightingale noether nobel ohm oppenheimer pascal pasteur pauli
            pauling payne perlman planck poincare ptolemy pythagoras raman ramanujan riemann ritchie rontgen rutherford
            sagan salk sammet schrodinger shannon sinoussi snow somerville stokes swanson tesla thales torricelli turing
            tyson vaughan volta wallace watt weierstrass wiles wing wright wu yalow yonath""";

    private Names() {}

    /** An adjective and a noun, {@code gentle_amphora}; some 25,000 are possible, so a collision is to be expected. */
    public static String random(RandomGenerator random) {
        return word(ADJECTIVES, random) + '_' + word(NOUNS, random);
    }

    /** After a collision: with a digit at the end, {@code gentle_amphora7}. */
    public static String randomWithDigit(RandomGenerator random) {
        return random(random) + random.nextInt(10);
    }

    /** Whether a name has two characters or more: first a letter or digit, then letters, digits or any of {@code _.-}. */
    public static boolean valid(String name) {
        if (name.length() < 2 || !letterOrDigit(name.charAt(0))) {
            return false;
        }
        for (int i = 1; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!letterOrDigit(c) && c != '_' && c != '.' && c != '-') {
                return false;
            }
        }
        return true;
    }

    /**
     * The name, when it is {@linkplain #valid valid}; otherwise a fault of kind {@code INVALID}.
     *
     * @param what what is named, such as "container"
     */
    public static String require(String what, String name) {
        if (valid(name)) {
            return name;
        }
        throw Fault.invalid("invalid " + what + " name", "\"" + name + "\"",
                name.length() == 1 ? "two characters or more are needed" : "only " + ALLOWED + " are allowed");
    }

    private static String word(String list, RandomGenerator random) {
        String[] words = list.replace('\n', ' ').split(" ");
        return words[random.nextInt(words.length)];
    }

    private static boolean letterOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }
}
