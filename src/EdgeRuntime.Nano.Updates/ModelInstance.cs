namespace EdgeInference.Nano.Updates
{
    /// <summary>A model as the program runs it. Immutable, so that whoever reads <see cref="ModelUpdater.Current"/> has all of one model.</summary>
    public sealed class ModelInstance
    {
        internal ModelInstance(NanoSession session, Classifier classifier, ulong version)
        {
            Session = session;
            Classifier = classifier;
            Version = version;
        }

        /// <summary>Runs the model.</summary>
        public NanoSession Session { get; }

        /// <summary>Decides; null where the policy says that the program does not.</summary>
        public Classifier Classifier { get; }

        /// <summary>The model's version, 0 if it is not signed.</summary>
        public ulong Version { get; }
    }
}
