/**
 * The language of Dockerfiles, as BuildKit's reference has it.
 *
 * <p>In: the text of a file. Out: {@link dev.carafe.build.dockerfile.Dockerfile}, its stages and {@linkplain dev.carafe.build.dockerfile.Instruction instructions}
 * as records, with variables not replaced yet; {@link dev.carafe.build.dockerfile.Expansion} replaces them. Or a fault in BuildKit's words, with the number of the
 * line. Nothing here does I/O.
 *
 * <pre>
 *     text ──LineReader──▶ lines of words ──InstructionReader──▶ instructions ──▶ stages
 * </pre>
 *
 * <p>Terms. A <em>line</em> is an instruction with all that continues it. The <em>shell form</em> of a command is one word for a shell, the <em>exec form</em> a JSON
 * array of words. A <em>trigger</em> is what ONBUILD holds.
 */
@NullMarked
package dev.carafe.build.dockerfile;

import org.jspecify.annotations.NullMarked;
