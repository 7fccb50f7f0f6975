namespace EdgeInference.Runtime.Tests.Kernels.Windows;

/// <summary>Float32 convolutions on the fast kernels beside their scalar twins.</summary>
internal static class FloatWindows
{
    /// <summary>Outputs of the fast kernels are within the rounding of their sums of those of the scalar ones; what is not finite is the same.</summary>
    internal static void AssertNear(EdgeModel model, float[] input, string shape)
    {
        using Session reference = model.CreateSession(KernelSet.Reference);
        using Session fast = model.CreateSession();
        float[] expected = Run(reference, input);

        // Room to work in holds anything.
        fast.Room.FillScratch(0xff);
        AssertNear(expected, Run(fast, input), shape);

        // What the caller fills in place, with what the run before left behind.
        input.CopyTo(fast.Input<float>());
        fast.Run();
        float[] first = fast.Output<float>().ToArray();
        AssertNear(expected[..first.Length], first, shape);
    }

    private static float[] Run(Session session, float[] input)
    {
        float[] output = new float[session.OutputLength];
        session.Run(input, output);
        return output;
    }

    // Products and the bias are below 1, and no activation here is steeper than 1.
    private static void AssertNear(float[] expected, float[] actual, string shape)
    {
        float bound = 1e-5f * Math.Max(1f, expected.Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max());
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = float.IsFinite(expected[i]) ? Math.Abs(expected[i] - actual[i]) <= bound : expected[i].Equals(actual[i]);
            Assert.True(same, $"{shape} [{i}]: {actual[i]}, not {expected[i]}");
        }
    }
}
