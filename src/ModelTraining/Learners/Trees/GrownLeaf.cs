namespace EdgeInference.ModelTraining.Learners.Trees;

/// <summary>A leaf with its part of the rows that a tree was grown from.</summary>
/// <param name="Node">The node.</param>
/// <param name="Start">Where its rows begin.</param>
/// <param name="Count">How many they are.</param>
/// <param name="Gradient">Sum of their gradients.</param>
/// <param name="Second">Sum of their second derivatives.</param>
internal readonly record struct GrownLeaf(GrownNode Node, int Start, int Count, double Gradient, double Second);
