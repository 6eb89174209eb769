import java.io.File;
import java.util.HashSet;
import java.util.Set;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.RuleId;

/** java -cp JARS Vera.java 3a,ua1 FILE...: a line per file and flavour, PASS or FAIL, and a line per rule that failed. */
public class Vera {
    public static void main(String[] arguments) throws Exception {
        java.util.logging.LogManager.getLogManager().reset();
        VeraGreenfieldFoundryProvider.initialise();
        for (int i = 1; i < arguments.length; i++)
            for (String id : arguments[0].split(",")) check(arguments[i], id);
    }

    private static void check(String path, String id) throws Exception {
        PDFAFlavour flavour = PDFAFlavour.byFlavourId(id);
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(path), flavour)) {
            PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, 100, false, true, false);
            ValidationResult result = validator.validate(parser);
            System.out.println((result.isCompliant() ? "PASS " : "FAIL ") + id + " " + path);
            Set<RuleId> seen = new HashSet<>();
            for (TestAssertion one : result.getTestAssertions())
                if (one.getStatus() == TestAssertion.Status.FAILED && seen.add(one.getRuleId()))
                    System.out.println("  " + one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber() + " "
                        + one.getMessage() + " at " + one.getLocation().getContext());
        }
    }
}
