/**
 * Base images without a registry: Debian and what derives from it, straight from the archives of packages that this machine is configured
 * for.
 *
 * <p>In: the name of a suite, the files of apt ({@link dev.carafe.bootstrap.AptSource}). Out: an image of one layer in the engine's store.
 * The way:
 *
 * <pre>
 *     sources ──▶ Release, its signature checked ──▶ Packages, by hash ──Resolver──▶ packages ──▶ their files, by hash
 *             ──▶ a tree with the essential ones unpacked ──▶ dpkg in a container ──▶ its tree, made reproducible ──▶ image
 * </pre>
 *
 * <p>Terms are those of Debian policy and deb-control(5). A <em>release</em> is the signed file of hashes of a suite; an <em>archive</em> holds
 * suites.
 *
 * <p>Invariants: nothing is used whose hash the signed file does not lead to; scripts of packages run in a container without a network; the
 * same archive gives the same image, byte by byte.
 *
 * <p>Example:
 *
 * <pre>{@code
 *     var sources = AptSource.configured(Path.of("/etc/apt"));
 *     Image image = new DebianBootstrap(engine, settings, sources, System.out::println).make(Recipe.minimal("bookworm"), "localhost/debian:bookworm");
 * }</pre>
 */
@NullMarked
package dev.carafe.bootstrap;

import org.jspecify.annotations.NullMarked;
