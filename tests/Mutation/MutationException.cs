namespace EdgeInference.Mutation;

/// <summary>What keeps the run from going on, said in one sentence.</summary>
internal sealed class MutationException(string message) : Exception(message);
