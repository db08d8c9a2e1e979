import Compute

/// The gated feed-forward block: `down(silu(gate x) * up x)`.
struct FeedForward: Sendable {
    let gateUp: Linear
    let down: Linear

    init(_ name: String, hidden: Int, intermediate: Int, bias: Bool = false, in parameters: inout ParameterTable) {
        gateUp = parameters.fusedLinear(
            [("\(name).gate_proj", intermediate), ("\(name).up_proj", intermediate)], columns: hidden, bias: bias)
        down = parameters.linear("\(name).down_proj", rows: hidden, columns: intermediate, bias: bias)
    }

    /// `residual + down(silu(gate x) * up x)`.
    func callAsFunction<E: Executor>(_ x: E.Tensor, addingTo residual: E.Tensor, on executor: E) -> E.Tensor {
        let gateUp = executor.linear(x, gateUp)
        return executor.linear(executor.swiglu(gate: gateUp[0], up: gateUp[1]), down, addingTo: residual)
    }
}
