using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>What <see cref="OperatorDefinition.MoveTranspose"/> asks of the pass that moves a Transpose behind a node.</summary>
internal interface ITransposeMover
{
    /// <summary>Lets the node work on the tensors before their transpositions, and transposes its output instead.</summary>
    /// <param name="node">The node.</param>
    /// <param name="permutation">The order of axes that the Transpose gives.</param>
    /// <param name="tensors">How many inputs are transposed.</param>
    bool Move(Node node, int[] permutation, int tensors = int.MaxValue);

    /// <summary>What a value was before the Transpose that made it.</summary>
    Value Before(Value transposed);

    /// <summary>Moves a Transpose and a Reshape to rows into the weights of the Dense that alone reads them.</summary>
    bool MoveIntoDense(Node reshape, int[] permutation);
}
