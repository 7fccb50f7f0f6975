using EdgeInference.ModelFormat.Adaptation;
using EdgeInference.Runtime;

namespace EdgeInference.ModelConverter.Adaptation;

/// <summary>How far what was learned moves the logits of some rows.</summary>
internal sealed class LogitChanges
{
    private readonly HiddenVectors vectors;
    private readonly byte[] hash;
    private readonly AdaptiveHead head;
    private readonly double one;
    private readonly long[][] factory = [];

    /// <summary>Runs the rows through the model once.</summary>
    /// <param name="model">A model that was prepared to learn.</param>
    /// <param name="rows">Rows that it takes.</param>
    /// <param name="hash">SHA-256 of its bytes, as state files have it.</param>
    internal LogitChanges(EdgeModel model, IReadOnlyList<float[]> rows, byte[] hash)
    {
        vectors = HiddenVectors.Of(model, rows);
        this.hash = hash;
        head = new AdaptiveHead(vectors.Settings);
        one = Math.Pow(2, vectors.Settings.FractionBits);
        if (head.Dense is { } dense)
        {
            factory = [.. vectors.Vectors.Select(vector =>
            {
                dense.Run(vector, 0);
                return (long[])dense.Logits.Clone();
            })];
        }
    }

    /// <summary>The greatest change of a logit on any of the rows; 0 where the last layer does not learn.</summary>
    /// <param name="state">A state file of the model.</param>
    internal double Greatest(byte[] state)
    {
        if (head.Dense is not { } dense || StateFile.Read(state, head, hash) is not null)
        {
            return 0;
        }

        long most = 0;
        for (int row = 0; row < factory.Length; row++)
        {
            dense.Run(vectors.Vectors[row], 0);
            for (int unit = 0; unit < dense.Logits.Length; unit++)
            {
                most = Math.Max(most, Math.Abs(dense.Logits[unit] - factory[row][unit]));
            }
        }

        return most / one;
    }
}
