using EdgeInference.ModelTraining.Learners;

namespace EdgeInference.ModelTraining.Search;

/// <summary>What the search tries: one learner, or several that decide together.</summary>
/// <param name="Name">What <c>--learner</c> calls it.</param>
/// <param name="Settings">What was set.</param>
/// <param name="Learners">One, or the members of a committee.</param>
internal sealed record Candidate(string Name, string Settings, IReadOnlyList<ILearner> Learners);
