package dev.carafe.cli.template;

/**
 * A parsed template, ready to be applied.
 *
 * <p>Nothing it does depends on anything but its text and the value given, so it may be shared between threads.
 */
public final class Template {
    private final String source;
    private final Parser.Tree tree;

    private Template(String source, Parser.Tree tree) {
        this.source = source;
        this.tree = tree;
    }

    /**
     * Parses a template.
     *
     * @throws dev.carafe.base.Fault of kind {@code INVALID}: {@code template parsing error: template: :LINE: reason}
     */
    public static Template parse(String source) {
        return new Template(source, Parser.parse(source));
    }

    /**
     * The text that the template makes of a value.
     *
     * @throws dev.carafe.base.Fault of kind {@code INVALID}: {@code template parsing error: template: :LINE:COLUMN: executing "" at <what>: reason}
     */
    public String apply(Value data) {
        return new Execution(source, tree.named(), false, data).run(tree.parts());
    }

    /**
     * The headings that the template makes of a value which holds the heading of each column: functions that would change a
     * cell's text leave the heading as it is, {@code pad} excepted.
     *
     * @throws dev.carafe.base.Fault as in {@link #apply}
     */
    public String applyToHeadings(Value headings) {
        return new Execution(source, tree.named(), true, headings).run(tree.parts());
    }
}
