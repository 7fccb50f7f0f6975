using EdgeInference.ModelTraining.Learners;

namespace EdgeInference.ModelTraining.Search;

/// <summary>What a search may try.</summary>
/// <param name="Learners">Learners, small ones first.</param>
/// <param name="Committees">Learners of <paramref name="Learners"/> that decide together.</param>
internal sealed record CandidateCatalogue(IReadOnlyList<ILearner> Learners, IReadOnlyList<IReadOnlyList<ILearner>> Committees)
{
    private const string CommitteeName = "committee";

    /// <summary>What fits into a budget of work, in order; a committee only where all its members fit.</summary>
    /// <exception cref="InputException">No learner is called as the options say, or the first does not fit.</exception>
    internal (IReadOnlyList<Candidate> Tried, IReadOnlyList<Candidate> LeftOut) Within(SearchOptions options, Fold[] folds, int features, int classes)
    {
        ILearner[] wanted = [.. Learners.Where(learner => (options.Learner is null || learner.Name == options.Learner) && (!options.NetworksOnly || learner is not (GradientBoosting or RandomForest)))];
        if (wanted.Length == 0)
        {
            if (Learners.Any(learner => learner.Name == options.Learner))
            {
                throw new InputException($"Models of --learner {options.Learner} are not written as ONNX; omit --onnx, or choose logistic or mlp.");
            }

            string[] names = [.. Learners.Select(learner => learner.Name).Distinct()];
            throw new InputException($"Unknown learner '{options.Learner}'; choose one of {string.Join(", ", names)}.");
        }

        var tried = new List<Candidate>();
        var leftOut = new List<Candidate>();
        var fitting = new HashSet<ILearner>();
        long work = 0;
        foreach (ILearner learner in wanted)
        {
            long more = folds.Sum(fold => learner.Work(fold.Training.Length, features, classes));
            bool fits = tried.Count == 0 || work + more <= options.Work;
            (fits ? tried : leftOut).Add(new Candidate(learner.Name, learner.Settings, [learner]));
            if (fits)
            {
                work += more;
                fitting.Add(learner);
            }
        }

        foreach (IReadOnlyList<ILearner> members in Committees.Where(_ => options.Learner is null))
        {
            (members.All(fitting.Contains) ? tried : leftOut).Add(new Candidate(CommitteeName, string.Join(" + ", members.Select(member => $"{member.Name}: {member.Settings}")), members));
        }

        return (tried, leftOut);
    }
}
