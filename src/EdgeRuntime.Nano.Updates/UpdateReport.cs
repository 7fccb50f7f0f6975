namespace EdgeInference.Nano.Updates
{
    /// <summary>The outcome of an offered model, and why. Unless it was applied, the model in use stays.</summary>
    public sealed class UpdateReport
    {
        internal UpdateReport(UpdateOutcome outcome, string origin, ulong version, string reason)
        {
            Outcome = outcome;
            Origin = origin;
            Version = version;
            Reason = reason;
        }

        /// <summary>The outcome.</summary>
        public UpdateOutcome Outcome { get; }

        /// <summary>Where the model came from.</summary>
        public string Origin { get; }

        /// <summary>Its version, 0 if it has none or was not read that far.</summary>
        public ulong Version { get; }

        /// <summary>One sentence for the user.</summary>
        public string Reason { get; }
    }

    /// <summary>Receives the outcome of each offer and why a stored model was passed over.</summary>
    public delegate void UpdateReported(UpdateReport report);
}
