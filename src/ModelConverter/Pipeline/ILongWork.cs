namespace EdgeInference.ModelConverter.Pipeline;

/// <summary>How work that takes long is done: who sees its progress, and who can stop it.</summary>
internal interface ILongWork
{
    /// <summary>Asks work to stop.</summary>
    CancellationToken Cancellation { get; }

    /// <summary>Does the work.</summary>
    /// <param name="description">What is done, a few words.</param>
    /// <param name="work">The work; it reports the share that is done, 0 to 1.</param>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    T Run<T>(string description, Func<IProgress<double>, T> work);
}
