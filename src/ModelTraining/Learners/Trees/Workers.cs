namespace EdgeInference.ModelTraining.Learners.Trees;

/// <summary>Tasks that touch nothing of each other's, so that the number of threads changes no bit.</summary>
internal static class Workers
{
    /// <summary>Does tasks 0 to <paramref name="count"/> − 1.</summary>
    internal static void For(int count, int threads, Action<int> task)
    {
        if (threads <= 1 || count <= 1)
        {
            for (int i = 0; i < count; i++)
            {
                task(i);
            }

            return;
        }

        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, task);
    }
}
