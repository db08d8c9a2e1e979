import Calibration
import Compute

/// One row of a comparison: a model, where it comes from, and how it is asked.
public struct Variant: Sendable, Equatable {
    /// Where a model comes from.
    public enum Origin: Sendable, Equatable {
        /// The base, as it is.
        case base
        /// Taught by this recipe; `from` names the variant that it goes on from, nil the base.
        case taught(Recipe, from: String?)
        /// Another variant, quantised after it was taught.
        case quantized(of: String, PTQMethod, calibration: String?)
        /// A usual mistake, which `annie train` refuses: the base is quantised, an adapter is trained in full precision
        /// beside it, merged into it, and the sum is rounded again.
        case adapterBesideQuantized(Recipe, calibration: String?)
    }

    /// What the table calls it; one of a kind.
    public var name: String
    /// Where its model comes from.
    public var origin: Origin
    /// A persona with another prompt than the comparison's.
    public var persona: String?
    /// What inputs of quantised layers are rounded to when it is asked; nil is the engine's own way.
    public var inputs: ActivationFormat?
    /// The line it is a point of in the drawing over doses; nil: it has no dose.
    public var line: String?

    /// A variant of these parts.
    public init(
        _ name: String, _ origin: Origin, persona: String? = nil, inputs: ActivationFormat? = nil, line: String? = nil
    ) {
        self.name = name
        self.origin = origin
        self.persona = persona
        self.inputs = inputs
        self.line = line
    }

    /// The name as a file's.
    public var slug: String {
        let words = name.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        return words.joined(separator: "-")
    }

    /// The variants that must be made before it.
    public var needs: [String] {
        switch origin {
        case .base, .adapterBesideQuantized: []
        case .quantized(let of, _, _): [of]
        case .taught(let recipe, let from): [from, recipe.teacher].compactMap(\.self)
        }
    }
}
