/// Linear layers over the same input that serving engines join into one matrix; they are quantised all or none, and share
/// one tensor scale and one input scale.
///
/// vLLM takes the largest scale of a joined matrix for all of it without rescaling the blocks, so differing scales would
/// silently give wrong weights.
package struct FusedGroup: Hashable, Sendable {
    /// The module that the members are in, such as `model.layers.0.self_attn`.
    package let parent: String
    /// The last parts of the members' names.
    package let members: [String]

    private static let groups = [
        ["q_proj", "k_proj", "v_proj"], ["gate_proj", "up_proj"], ["in_proj_qkv", "in_proj_z"],
        ["in_proj_b", "in_proj_a"],
    ]

    /// The group of a module, if it is in one.
    package init?(of module: String) {
        let (parent, name) = module.splitAtLastDot()
        guard let members = Self.groups.first(where: { $0.contains(name) }) else { return nil }
        self.parent = parent
        self.members = members
    }

    /// The full names of the members, whether or not the checkpoint has them.
    package var modules: [String] { members.map { parent.isEmpty ? $0 : "\(parent).\($0)" } }
}

extension String {
    /// What stands before and after the last dot; nothing before when there is none.
    func splitAtLastDot() -> (parent: String, name: String) {
        guard let dot = lastIndex(of: ".") else { return ("", self) }
        return (String(self[..<dot]), String(self[index(after: dot)...]))
    }

    /// The module of a tensor named `module.weight`.
    var moduleOfWeight: String? { hasSuffix(".weight") ? String(dropLast(".weight".count)) : nil }
}
