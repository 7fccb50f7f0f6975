using EdgeInference.ModelFormat.Tests;

namespace EdgeInference.Runtime.Tests;

public class SessionTests
{
    [Fact]
    public void A_float_model_computes_what_the_formula_says()
    {
        using EdgeModel model = EdgeModel.Load(SampleModel.Float32());
        using Session session = model.CreateSession();
        var output = new float[1];
        session.Run([1f, 2f, 3f], output);
        double h0 = 0.5 - 2 + 0.75 + 0.1;
        double h1 = 1 + 4 - 1.5 - 0.2;
        h0 = h0 >= 0 ? h0 : 0.01 * h0;
        double expected = 1 / (1 + Math.Exp(-((1.5 * h0) - (2 * h1))));
        Assert.Equal(expected, output[0], 1e-6);
    }

    [Theory]
    [InlineData("float32")]
    [InlineData("int8")]
    public void Nothing_is_allocated_after_the_first_call(string sample)
    {
        using EdgeModel model = EdgeModel.Load(sample == "int8" ? SampleModel.Int8() : SampleModel.Float32());
        using Session session = model.CreateSession();
        var input = new float[session.InputLength];
        var output = new float[session.OutputLength];
        session.Run(input, output);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            session.Run(input, output);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Classifiers_allocate_nothing_either()
    {
        using EdgeModel binary = EdgeModel.Load(SampleModel.Float32());
        using EdgeModel several = EdgeModel.Load(SampleModel.Int8());
        using var one = new Classifier(binary);
        using var two = new Classifier(several);
        var input3 = new float[3];
        var input4 = new float[4];
        one.Classify(input3);
        two.Classify(input4);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            one.Classify(input3);
            two.Classify(input4);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Fast_and_reference_kernels_give_the_same_bytes_in_int8()
    {
        using EdgeModel model = EdgeModel.Load(SampleModel.Int8());
        using Session fast = model.CreateSession();
        using Session reference = model.CreateSession(KernelSet.Reference);
        var random = new Random(3);
        var input = new float[4];
        float[] a = new float[2];
        float[] b = new float[2];
        for (int i = 0; i < 2000; i++)
        {
            for (int j = 0; j < 4; j++)
            {
                input[j] = (float)((random.NextDouble() * 4) - 2);
            }

            fast.Run(input, a);
            reference.Run(input, b);
            Assert.Equal(b, a);
        }
    }

    [Fact]
    public async Task One_model_serves_many_threads()
    {
        using EdgeModel model = EdgeModel.Load(SampleModel.Float32());
        float Expected(int seed)
        {
            using Session session = model.CreateSession();
            var output = new float[1];
            session.Run([seed, -seed, 0.5f], output);
            return output[0];
        }

        float[] expected = [.. Enumerable.Range(0, 8).Select(Expected)];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(
            () =>
            {
                using Session session = model.CreateSession();
                var output = new float[1];
                for (int i = 0; i < 20_000; i++)
                {
                    session.Run([seed, -seed, 0.5f], output);
                    Assert.Equal(expected[seed], output[0]);
                }
            },
            TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void A_file_is_mapped_and_gives_the_same_as_memory()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, SampleModel.Float32());
            using EdgeModel mapped = EdgeModel.Load(path, new ModelLoadOptions { MapFile = true });
            using EdgeModel memory = EdgeModel.Load(SampleModel.Float32());
            using Session a = mapped.CreateSession();
            using Session b = memory.CreateSession();
            var x = new float[1];
            var y = new float[1];
            a.Run([1f, 2f, 3f], x);
            b.Run([1f, 2f, 3f], y);
            Assert.Equal(y, x);
            Assert.Equal("sample", mapped.Name);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Wrong_lengths_and_types_are_refused_before_anything_runs()
    {
        using EdgeModel model = EdgeModel.Load(SampleModel.Float32());
        Session session = model.CreateSession();
        Assert.Throws<ArgumentException>(() => session.Run([1f], new float[1]));
        Assert.Throws<ArgumentException>(() => session.Run([1f, 2f, 3f], []));
        Assert.Throws<ArgumentException>(() => session.Input<sbyte>()[0]);
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Run([1f, 2f, 3f], new float[1]));
    }

    [Fact]
    public void The_threshold_of_the_file_decides()
    {
        using EdgeModel model = EdgeModel.Load(SampleModel.Float32());
        using var classifier = new Classifier(model);
        Assert.Equal(0.25f, classifier.Threshold);
        Decision decision = classifier.Classify([1f, 2f, 3f]);
        Assert.Equal(0, decision.ClassIndex);
        classifier.Threshold = decision.Probability;
        Assert.Equal(1, classifier.Classify([1f, 2f, 3f]).ClassIndex);
        Assert.Equal("yes, täglich", classifier.ClassText(1));
    }
}
