import java.io.File;
import java.util.TreeSet;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;

/**
 * Validates files against flavours: Validate.java ua1,3a first.pdf second.pdf
 * Prints a line a verdict, then one a broken rule, fields parted by tabs:
 * VERDICT, file's rank, flavour, true or false / FAILURE, file's rank, flavour, clause, message.
 */
class Validate {
    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (int rank = 1; rank < arguments.length; rank++) {
            for (String flavour : arguments[0].split(",")) {
                validate(new File(arguments[rank]), flavour, (rank - 1) + "\t" + flavour + "\t");
            }
        }
    }

    static void validate(File file, String name, String subject) throws Exception {
        var flavour = PDFAFlavour.byFlavourId(name);
        var foundry = Foundries.defaultInstance();
        try (var parser = foundry.createParser(file, flavour);
                var validator = foundry.createValidator(flavour, false)) {
            var result = validator.validate(parser);
            var failures = new TreeSet<String>();
            for (TestAssertion assertion : result.getTestAssertions()) {
                var rule = assertion.getRuleId();
                var message = assertion.getMessage().replaceAll("\\s+", " ");
                failures.add(rule.getClause() + "-" + rule.getTestNumber() + "\t" + message);
            }
            System.out.println("VERDICT\t" + subject + result.isCompliant());
            failures.forEach(failure -> System.out.println("FAILURE\t" + subject + failure));
        }
    }
}
