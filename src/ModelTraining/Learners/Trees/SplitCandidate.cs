namespace EdgeInference.ModelTraining.Learners.Trees;

/// <summary>A split and what the loss falls by, times two; null where none is allowed.</summary>
internal readonly record struct SplitCandidate(TreeSplit? Split, double Gain);
