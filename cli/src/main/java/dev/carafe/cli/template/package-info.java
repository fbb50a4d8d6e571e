/**
 * Go's text/template, as far as docker's {@code --format} uses it: a template and a value give text.
 *
 * <p>In: the text of a template and a {@link dev.carafe.cli.template.Value} (a tree of JSON, or a row of a list with named columns). Out:
 * text, or a {@link dev.carafe.base.Fault} worded as Go words it, so that what users find in a search engine fits. Nothing here does
 * I/O; a parsed template is immutable and may be applied many times.
 *
 * <p>The rules are those of the Go documentation of text/template (pipelines, actions, variables, functions) and fmt (how values
 * print, the verbs of printf), with docker's own functions json, split, join, title, lower, upper, pad and truncate. Left out: {@code call},
 * for no value here is a function; complex numbers; the printing of structs, for an object of JSON prints as a map.
 *
 * <p>Terms: <em>dot</em> is the current value; a <em>pipeline</em> is a chain of commands; a <em>row</em> is an object with a fixed set of
 * columns, where asking for another one is an error; a <em>mapping</em> answers {@code <no value>} instead.
 *
 * <p>Invariants: a template never reaches anything but the value it is given; its nesting is bounded, so that no template can exhaust the stack.
 *
 * <p>Example: {@code {{range $i, $e := .Args}}{{if $i}} {{end}}{{$e}}{{end}}} over {@code {"Args":["sh","-c"]}} gives {@code sh -c}.
 */
@NullMarked
package dev.carafe.cli.template;

import org.jspecify.annotations.NullMarked;
