/// How much work a template may do for one prompt; a template is a program from a stranger.
package struct RenderLimits: Sendable {
    /// Statements, expressions, elements walked, and 16-byte pieces of text made.
    package var steps = 20_000_000
    /// Bytes of one text, the output included.
    package var textBytes = 32 << 20
    /// How deeply statements, expressions and macro calls may nest.
    package var depth = 250
    /// Elements of one `range`, as in Jinja's sandbox.
    package var rangeCount = 100_000

    /// The limits that serving uses.
    package init() {}
}
