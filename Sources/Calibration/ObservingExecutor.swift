import Compute

/// A forward pass that shows the input of every linear layer on its way.
struct ObservingExecutor: Executor {
    let base: CPUExecutor
    let observe: (Linear, HostTensor) -> Void

    func linear(_ x: HostTensor, _ layer: Linear) -> [HostTensor] {
        observe(layer, x)
        return base.linear(x, layer)
    }

    func linear(_ x: HostTensor, _ layer: Linear, addingTo residual: HostTensor) -> HostTensor {
        observe(layer, x)
        return base.linear(x, layer, addingTo: residual)
    }

    func embed(_ table: Embedding) -> HostTensor { base.embed(table) }
    func rmsNorm(_ x: HostTensor, _ norm: Norm) -> HostTensor { base.rmsNorm(x, norm) }
    func outputRows(_ x: HostTensor) -> HostTensor { base.outputRows(x) }
    func swiglu(gate: HostTensor, up: HostTensor) -> HostTensor { base.swiglu(gate: gate, up: up) }
    func sigmoidGate(_ x: HostTensor, gate: HostTensor) -> HostTensor { base.sigmoidGate(x, gate: gate) }

    func headNorm(_ x: HostTensor, _ norm: Norm, heads: Int) -> HostTensor { base.headNorm(x, norm, heads: heads) }

    func rotary(_ x: HostTensor, _ embedding: RotaryEmbedding, heads: Int) -> HostTensor {
        base.rotary(x, embedding, heads: heads)
    }

    func attention(q: HostTensor, k: HostTensor, v: HostTensor, _ attention: AttentionShape) -> HostTensor {
        base.attention(q: q, k: k, v: v, attention)
    }

    func splitHeads(_ x: HostTensor, heads: Int) -> (first: HostTensor, second: HostTensor) {
        base.splitHeads(x, heads: heads)
    }

    func causalConvolution(_ x: HostTensor, _ convolution: CausalConvolution) -> HostTensor {
        base.causalConvolution(x, convolution)
    }

    func gatedDelta(qkv: HostTensor, update: HostTensor, decay: HostTensor, _ delta: GatedDelta) -> HostTensor {
        base.gatedDelta(qkv: qkv, update: update, decay: decay, delta)
    }

    func gatedHeadNorm(_ x: HostTensor, gate: HostTensor, _ norm: Norm, heads: Int) -> HostTensor {
        base.gatedHeadNorm(x, gate: gate, norm, heads: heads)
    }
}
