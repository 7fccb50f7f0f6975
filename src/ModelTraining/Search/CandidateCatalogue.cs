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
        CheckName(options.Learner);
        ILearner[] wanted = [.. Learners.Where(learner => (options.Learner is null || learner.Name == options.Learner) && (!options.NetworksOnly || learner is not (GradientBoosting or RandomForest)))];
        if (wanted.Length == 0)
        {
            throw new InputException($"--onnx and --adaptable need a network, which --learner {options.Learner} is not; omit them, or choose logistic or mlp.");
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

    /// <summary>Checks the name of the only learner to try, null for all.</summary>
    /// <exception cref="InputException">No learner is called so.</exception>
    internal void CheckName(string? name)
    {
        if (name is not null && !Learners.Any(learner => learner.Name == name))
        {
            throw new InputException($"Unknown learner '{name}'; choose one of {string.Join(", ", Learners.Select(learner => learner.Name).Distinct())}.");
        }
    }
}
