namespace Empire.AppHost.Operating.Doctor;

internal static class MachineChecks
{
    private const long LeastFree = 1L << 30;

    public static IEnumerable<Check> All(Installation installation)
    {
        yield return new("disk", _ =>
        {
            var folder = Path.GetFullPath(installation.Settings.Home);
            while (!Directory.Exists(folder)) folder = Path.GetDirectoryName(folder)!;
            var free = new DriveInfo(folder).AvailableFreeSpace;
            return free >= LeastFree ? Task.FromResult($"{free >> 30} GiB free in {folder}") : throw new IOException($"Only {free >> 20} MiB free in {folder}; PostgreSQL and RabbitMQ stop below 1 GiB.");
        });
        yield return new("memory", _ =>
        {
            var free = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
            return free >= 2L << 30 ? Task.FromResult($"{free >> 30} GiB") : throw new IOException($"This machine has {free >> 20} MiB; all services together need 2 GiB.");
        });
    }
}
