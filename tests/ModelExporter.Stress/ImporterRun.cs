namespace EdgeInference.Tool.Stress;

/// <summary>Reads many damaged copies of some files.</summary>
internal static class ImporterRun
{
    /// <summary>Mutates and reads; a mutant that is accepted may become the next one's start.</summary>
    /// <param name="target">The kind of file.</param>
    /// <param name="seeds">Good files of that kind.</param>
    /// <param name="seed">Of the random numbers: the same gives the same files.</param>
    /// <param name="count">Files to read.</param>
    /// <param name="folder">A folder for them.</param>
    /// <param name="found">Called with each file that did what it must not, and what that was; null to throw at the first.</param>
    /// <returns>How many were accepted.</returns>
    /// <exception cref="InvalidOperationException">A file did what it must not; the message has it in base64.</exception>
    internal static long Run(ImporterTarget target, IReadOnlyList<byte[]> seeds, int seed, long count, string folder, Action<byte[], string>? found = null)
    {
        var random = new Random(seed);
        byte[] current = seeds[0];
        long accepted = 0;
        for (long i = 0; i < count; i++)
        {
            if (i % 20 == 0)
            {
                current = seeds[random.Next(seeds.Count)];
            }

            byte[] mutant = target.Mutate(current, random);
            try
            {
                if (target.Read(mutant, folder))
                {
                    accepted++;
                    current = mutant.Length < 1 << 16 ? mutant : current;
                }
            }
            catch (InvalidOperationException exception)
            {
                if (found is null)
                {
                    throw new InvalidOperationException($"{exception.Message} from {target.Extension} {Convert.ToBase64String(mutant)}", exception);
                }

                found(mutant, exception.ToString());
            }
        }

        return accepted;
    }
}
